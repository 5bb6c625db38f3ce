package recorder

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/keeper"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// Appoint notes that the customer listens to her recording at an office, on a day on which there still is one (KSC-29).
func (d *Desk) Appoint(ctx context.Context, authority string, id uuid.UUID, a recording.Appointment) (uuid.UUID, error) {
	held, _, err := d.living(ctx, authority, id)
	if err != nil {
		return uuid.Nil, err
	}
	at, err := a.Judge(d.Business.Now())
	if err != nil {
		return uuid.Nil, err
	}
	pack, err := d.Pack(authority)
	if err != nil {
		return uuid.Nil, err
	}
	on := calendar.DateOf(at, pack.Zone)
	if on.Before(d.Today(pack)) || !held.DueOn.IsZero() && !held.Held && !on.Before(held.DueOn) {
		return uuid.Nil, problem.OnField("invalid-time", "at")
	}
	appointment := keeper.NewID()
	return appointment, d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		if _, err := locked(ctx, tx, authority, id); err != nil {
			return nil, err
		}
		return nil, store.AddListening(ctx, tx, authority, appointment, id, a.Place, on)
	})
}

// Listens says whether the customer has an appointment today.
func (d *Desk) Listens(ctx context.Context, authority string, id uuid.UUID) (bool, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return false, err
	}
	return store.ListenedOn(ctx, d.DB, authority, id, d.Today(pack))
}
