package scenario

import (
	"context"
	"net/http"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// complaining is the purpose of who writes a complaint down.
const complaining = "complaint"

// complaintOpen writes down what somebody complains of in a recording.
func (r *run) complaintOpen(ctx context.Context, step Step) (client.Answer, error) {
	ref, about, err := r.about(step)
	if err != nil {
		return client.Answer{}, err
	}
	said := map[string]any{"recording": about.Record}
	if err := copyText(said, step.With, "reason"); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.complain(ctx, step, "/v1/complaints", said)
	if err != nil || !answer.OK() {
		return answer, err
	}
	id := made(answer, "id")
	if r.complaints == nil {
		r.complaints = map[string]string{}
	}
	r.complaints[ref] = id
	r.remember(step, answer, thing{Path: "/v1/complaints/" + id, Record: id})
	return answer, nil
}

// complaintClose closes the complaint about a recording, or the one that is named.
func (r *run) complaintClose(ctx context.Context, step Step) (client.Answer, error) {
	ref, about, err := r.about(step)
	if err != nil {
		return client.Answer{}, err
	}
	id, known := r.complaints[ref]
	if !known {
		id = about.Record
	}
	said := map[string]any{"at": step.At.Format(time.RFC3339)}
	if err := copyText(said, step.With, "reason"); err != nil {
		return client.Answer{}, err
	}
	return r.complain(ctx, step, "/v1/complaints/"+id+"/close", said)
}

func (r *run) about(step Step) (string, thing, error) {
	ref, err := step.With.Text("about")
	if err != nil {
		return "", thing{}, err
	}
	about, err := r.named(ref)
	if err != nil {
		return "", thing{}, step.With.Refuse("about", "%s", err.Error())
	}
	return ref, about, nil
}

func (r *run) complain(ctx context.Context, step Step, path string, said map[string]any) (client.Answer, error) {
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.For(complaining).Send(ctx, step.Authority, http.MethodPost, path, said)
}
