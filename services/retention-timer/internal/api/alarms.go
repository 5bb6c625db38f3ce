package api

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
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

// mayClose are the roles that may say that an alarm was looked into.
var mayClose = []string{"dpo"}

// closeAlarm closes an alarm by the id of what happened. What raises itself, such as an exceeded bound, also ends by itself
// and is no such alarm.
func (a *API) closeAlarm(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := allowed(caller, mayClose); err != nil {
		return 0, nil, err
	}
	id, err := pathID(r, "id")
	if err != nil {
		return 0, nil, err
	}
	err = pg.Tx(r.Context(), a.DB, func(tx pgx.Tx) error {
		closed, err := store.CloseAlarm(r.Context(), tx, caller.Authority, events.OnwardTransfer, id.String())
		if err == nil && !closed {
			err = problem.New("not-found")
		}
		if err != nil {
			return err
		}
		return a.Holds.Out.Append(r.Context(), tx, outbox.Draft{Authority: caller.Authority, Type: events.TypeAlarmClosed, Subject: id.String(), Key: id.String(),
			Data: events.AlarmClosed{Alarm: id, Name: events.OnwardTransfer, ClosedAt: a.Clock.Now().UTC()}})
	})
	if err == nil {
		a.Holds.Changed()
	}
	return http.StatusNoContent, nil, err
}
