package scenario

import (
	"context"
	"fmt"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// campaignSend sends a mailing to persons of the file; `inputs` among its fields are what they were chosen by.
func (r *run) campaignSend(ctx context.Context, step Step) (client.Answer, error) {
	name, err := step.With.Text("campaign")
	if err != nil {
		return client.Answer{}, err
	}
	recipients, err := r.recipients(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	fields, err := step.With.Fields("fields")
	if err != nil {
		return client.Answer{}, err
	}
	mailing := map[string]any{"id": name, "recipients": recipients, "at": step.At.Format(time.RFC3339)}
	if inputs, chosen := fields["inputs"]; chosen {
		mailing["inputs"] = inputs
	}
	return r.post(ctx, step, "/v1/campaigns", mailing)
}

func (r *run) recipients(w Args) (all []map[string]any, err error) {
	names, err := w.List("persons")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		person, ok := r.file.Persons[name]
		if !ok {
			return nil, w.Refuse("persons", "the file has no person %q", name)
		}
		all = append(all, map[string]any{"nationalId": person.NationalID})
	}
	return all, nil
}

// aboutMailings is what a request is about that concerns mailings and nothing else.
var aboutMailings = words("newsletter mailings")

// requestSubmit hands in a request of a person about her own data: an objection to mailings, which is granted at once.
func (r *run) requestSubmit(ctx context.Context, step Step) (client.Answer, error) {
	kind, err := step.With.Text("type")
	if err != nil {
		return client.Answer{}, err
	}
	about, err := step.With.Text("about")
	if err != nil {
		return client.Answer{}, err
	}
	if kind != "objection" || !known(aboutMailings, about) {
		return client.Answer{}, fmt.Errorf("%s of type %s about %s: %w", step.Do, kind, about, ErrUnsupported)
	}
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, "/v1/campaigns/objections", map[string]any{"nationalId": person.NationalID})
}

// sentTo compares how many mails an answer tells of.
func (e Expect) sentTo(a client.Answer) error {
	var said struct{ Sent *int }
	if err := a.Into(&said); err != nil {
		return err
	}
	if said.Sent == nil {
		return fmt.Errorf("expect answer of this action: %w", ErrUnsupported)
	}
	if found := fmt.Sprint(*said.Sent); found != e.Answer {
		return fmt.Errorf("expected answer %s, found %s", e.Answer, found)
	}
	return nil
}
