package scenario

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// groupCreate begins a job-seeker group.
func (r *run) groupCreate(ctx context.Context, step Step) (client.Answer, error) {
	name, err := step.With.Text("group")
	if err != nil {
		return client.Answer{}, err
	}
	said := map[string]any{"id": fmt.Sprintf("%s/%d", r.file.ID, r.number), "name": name, "start": step.At.Format(time.DateOnly)}
	for _, key := range words("start end") {
		if step.With.Has(key) {
			if err := copyText(said, step.With, key); err != nil {
				return client.Answer{}, err
			}
		}
	}
	answer, err := r.handled(ctx, step, http.MethodPost, "/v1/groups", said)
	if err == nil {
		r.remember(step, answer, thing{Path: "/v1/groups/" + made(answer, "id"), Record: made(answer, "id")})
	}
	return answer, err
}

// handled sends a document as somebody who handles cases.
func (r *run) handled(ctx context.Context, step Step, method, path string, document any) (client.Answer, error) {
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.For(handling).Send(ctx, step.Authority, method, path, document)
}

func (r *run) groupOf(step Step) (string, thing, error) {
	ref, err := step.With.Text("group")
	if err != nil {
		return "", thing{}, err
	}
	group, err := r.named(ref)
	if err != nil {
		return "", thing{}, step.With.Refuse("group", "%s", err.Error())
	}
	return ref, group, nil
}

// groupJoin lets somebody take part; the ref names the record about her.
func (r *run) groupJoin(ctx context.Context, step Step) (client.Answer, error) {
	ref, group, err := r.groupOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	fields, err := step.With.Fields("fields")
	if err != nil {
		return client.Answer{}, err
	}
	answer, err := r.handled(ctx, step, http.MethodPost, group.Path+"/participants", map[string]any{"at": step.At.Format(time.RFC3339),
		"person": map[string]string{"nationalId": person.NationalID, "name": person.Name}, "fields": fields})
	if err != nil || !answer.OK() {
		return answer, err
	}
	if r.participants == nil {
		r.participants = map[taking]string{}
	}
	record := made(answer, "id")
	path := group.Path + "/participants/" + record
	r.participants[taking{ref, person.NationalID}] = path
	r.remember(step, answer, thing{Path: path, Record: record})
	return answer, nil
}

// taking is somebody's part in a group.
type taking struct{ group, nationalID string }

// groupLeave lets somebody leave a group.
func (r *run) groupLeave(ctx context.Context, step Step) (client.Answer, error) {
	ref, _, err := r.groupOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	path, ok := r.participants[taking{ref, person.NationalID}]
	if !ok {
		return client.Answer{}, step.With.Refuse("person", "no step before this one let that person join %q", ref)
	}
	return r.handled(ctx, step, http.MethodDelete, path, map[string]any{})
}

// groupEnd ends a group, on the step's own day where none is named.
func (r *run) groupEnd(ctx context.Context, step Step) (client.Answer, error) {
	return r.groupEnds(ctx, step, "/end")
}

// groupMove gives a group another last day.
func (r *run) groupMove(ctx context.Context, step Step) (client.Answer, error) {
	return r.groupEnds(ctx, step, "/move")
}

func (r *run) groupEnds(ctx context.Context, step Step, route string) (client.Answer, error) {
	_, group, err := r.groupOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	said := map[string]any{"end": step.At.Format(time.DateOnly)}
	if step.With.Has("end") {
		if err := copyText(said, step.With, "end"); err != nil {
			return client.Answer{}, err
		}
	}
	return r.handled(ctx, step, http.MethodPost, group.Path+route, said)
}
