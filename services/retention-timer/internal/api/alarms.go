package api

import (
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/store"
)

// Alarms is what stands open.
type Alarms struct {
	Alarms []store.Alarm `json:"alarms"`
}

func (a *API) alarms(r *http.Request, caller bearer.Claims) (int, any, error) {
	open, err := store.Alarms(r.Context(), a.DB, caller.Authority)
	if open == nil {
		open = []store.Alarm{}
	}
	return http.StatusOK, Alarms{Alarms: open}, err
}
