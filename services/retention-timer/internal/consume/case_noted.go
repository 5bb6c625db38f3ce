package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// caseNoted adds a note to the records of its share: it goes when the share goes (AFC-12).
func (d Desk) caseNoted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseNoted
	if err := ev.Into(&said); err != nil {
		return err
	}
	if err := store.AddRecord(ctx, tx, ev.Authority, said.Note, said.Share); err != nil {
		return err
	}
	units, err := store.LockUnits(ctx, tx, ev.Authority, []uuid.UUID{said.Share})
	if err != nil || len(units) == 0 || units[0].State == store.Disposed {
		return err
	}
	return d.HeldFrom(ctx, tx, units[0], said.Note)
}
