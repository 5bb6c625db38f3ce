package scenario

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"gallra.se/services/gallra/internal/client"
)

func (r *run) recordRead(ctx context.Context, step Step) (client.Answer, error) {
	return r.recordCalled(ctx, step, http.MethodGet)
}

func (r *run) recordDelete(ctx context.Context, step Step) (client.Answer, error) {
	return r.recordCalled(ctx, step, http.MethodDelete)
}

func (r *run) recordCalled(ctx context.Context, step Step, method string) (client.Answer, error) {
	if step.With.Has("query") && method == http.MethodGet {
		return r.recordSearch(ctx, step)
	}
	if step.With.Has("query") || step.With.Has("fields") {
		return client.Answer{}, fmt.Errorf("%s with query or fields: %w", step.Do, ErrUnsupported)
	}
	record, err := r.recordRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.purposeful(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Do(ctx, client.Call{Authority: step.Authority, Method: method, Path: record.Path})
}

func (r *run) recordRef(step Step) (thing, error) {
	ref, err := step.With.Text("record")
	if err != nil {
		return thing{}, err
	}
	record, err := r.named(ref)
	if err != nil {
		return thing{}, step.With.Refuse("record", "%s", err.Error())
	}
	return record, nil
}

// share is a person's part of a record about several.
func (r *run) share(whole, alias string) (thing, error) {
	record, ok := r.things[whole]
	person, known := r.things[alias]
	if !ok || !known {
		return thing{}, fmt.Errorf("%q and %q are not both known to this runner", whole, alias)
	}
	record.Path += "?person=" + url.QueryEscape(person.id())
	return record, nil
}
