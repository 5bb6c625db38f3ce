package scenario

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// protectionMark says that a person is protected. It makes nothing new: what is known of the person stays what it is called.
func (r *run) protectionMark(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	document := map[string]string{"nationalId": person.NationalID, "at": step.At.Format(time.RFC3339)}
	if document["level"], err = step.With.Text("level"); err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, "/v1/protections", document)
}

func (r *run) protectionLift(ctx context.Context, step Step) (client.Answer, error) {
	path, err := r.protectionOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Do(ctx, client.Call{Authority: step.Authority, Method: http.MethodDelete, Path: path})
}

// protectionPlan writes down what one recipient gets.
func (r *run) protectionPlan(ctx context.Context, step Step) (client.Answer, error) {
	path, err := r.protectionOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	recipient, err := step.With.Text("recipient")
	if err != nil {
		return client.Answer{}, err
	}
	fields, err := step.With.List("fields")
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Send(ctx, step.Authority, http.MethodPut, path+"/plans/"+url.PathEscape(recipient), map[string]any{"fields": fields})
}

// protectionOf is where the protection of the person that a step names lies; the person was registered in this file.
func (r *run) protectionOf(step Step) (string, error) {
	alias, err := step.With.Text("person")
	if err != nil {
		return "", err
	}
	person, err := r.named(alias)
	if err != nil {
		return "", step.With.Refuse("person", "%s", err.Error())
	}
	return "/v1/protections/" + person.id(), nil
}

// recipients ask for themselves only.
var recipients = []string{"recipient"}

// disclosureRequest asks for data about a person. A recipient's own system asks under the recipient's name.
func (r *run) disclosureRequest(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	document := map[string]any{"authority": step.Authority, "nationalId": person.NationalID}
	for _, key := range []string{"recipient", "mode", "purpose", "lawRef"} {
		if document[key], err = step.With.Text(key); err != nil {
			return client.Answer{}, err
		}
	}
	if document["fields"], err = step.With.List("fields"); err != nil {
		return client.Answer{}, err
	}
	for _, key := range []string{"needed", "consent"} {
		if step.With.Has(key) {
			return client.Answer{}, step.With.Refuse(key, "%s is not known to disclosures yet", key)
		}
	}
	caller, err := r.caller(step)
	if name, outside := strings.CutPrefix(step.By, "system:"); outside {
		caller, err = r.bench.As(step.Authority, name, recipients, false)
	}
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Send(ctx, step.Authority, http.MethodPost, "/v1/disclosures", document)
}
