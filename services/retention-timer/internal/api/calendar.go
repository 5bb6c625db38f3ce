package api

import (
	"context"
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
)

// ahead is how far the due calendar looks.
var ahead = calendar.Period{Months: 36}

// DueCalendar counts what goes in each of the next 36 months, and what is overdue before them.
type DueCalendar struct {
	Months []store.DueMonth `json:"months"`
}

func (a *API) dueCalendar(r *http.Request, caller bearer.Claims) (int, any, error) {
	months, err := a.months(r.Context(), caller.Authority)
	return http.StatusOK, months, err
}

// months are those of one authority or, for "", of all.
func (a *API) months(ctx context.Context, authority string) (DueCalendar, error) {
	today := a.Clock.Now().UTC()
	first := calendar.NewDate(today.Year(), today.Month(), 1)
	months, err := store.DueCalendar(ctx, a.DB, authority, calendar.End(first, ahead))
	if months == nil {
		months = []store.DueMonth{}
	}
	return DueCalendar{Months: months}, err
}
