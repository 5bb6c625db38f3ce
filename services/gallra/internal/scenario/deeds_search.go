package scenario

import (
	"context"
	"net/http"

	"gallra.se/services/gallra/internal/client"
)

// handling is the purpose of whoever names none.
const handling = "case-handling"

// recordSearch searches for persons. What is searched for goes as it stands: the system says what one may search by.
func (r *run) recordSearch(ctx context.Context, step Step) (client.Answer, error) {
	query, err := step.With.Fields("query")
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.purposeful(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Send(ctx, step.Authority, http.MethodPost, "/v1/persons/search", query)
}

// purposeful is the client of who does a step, for the purpose that the step names.
func (r *run) purposeful(step Step) (*client.Client, error) {
	caller, err := r.caller(step)
	if err != nil {
		return nil, err
	}
	purpose, err := step.With.Text("purpose")
	if err != nil {
		return nil, err
	}
	if purpose == "" {
		purpose = handling
	}
	return caller.For(purpose), nil
}
