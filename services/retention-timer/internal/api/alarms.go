package api

import (
	"context"
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/store"
)

// Alarms is what stands open.
type Alarms struct {
	Alarms []store.Alarm `json:"alarms"`
}

func (a *API) alarms(r *http.Request, caller bearer.Claims) (int, any, error) {
	open, err := a.open(r.Context(), caller.Authority)
	return http.StatusOK, open, err
}

// open are the alarms that concern one authority or, for "", any.
func (a *API) open(ctx context.Context, authority string) (Alarms, error) {
	open, err := store.Alarms(ctx, a.DB, authority)
	if open == nil {
		open = []store.Alarm{}
	}
	return Alarms{Alarms: open}, err
}
