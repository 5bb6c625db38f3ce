package casework

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
)

// WriteNote stores a note that an officer writes in a case directly. It returns the note's id, which is a new one where t has
// none. A note whose case changes under it is placed again.
func (d *Desk) WriteNote(ctx context.Context, t Taken) (uuid.UUID, error) {
	if t.Note == uuid.Nil {
		t.Note = uuid.New()
	}
	for {
		err := d.writeOnce(ctx, t)
		if errors.Is(err, ErrMoved) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return uuid.Nil, err
		}
		d.Box.Committed()
		return t.Note, nil
	}
}

func (d *Desk) writeOnce(ctx context.Context, t Taken) error {
	p, err := d.Place(ctx, t)
	if err != nil {
		return err
	}
	switch p.Reason {
	case "":
		return pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return d.Keep(ctx, tx, p) })
	case events.ReasonUnknownCase:
		return problem.New("not-found")
	case events.ReasonDisposedCase:
		return problem.New("gone")
	default:
		return problem.New("conflict")
	}
}
