package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
)

// WriteNote stores a note that an officer writes in a case directly. It returns the note's id.
func (d *Desk) WriteNote(ctx context.Context, t Taken) (uuid.UUID, error) {
	t.Note = uuid.New()
	p, err := d.Place(ctx, t)
	if err != nil {
		return uuid.Nil, err
	}
	switch p.Reason {
	case "":
	case "unknown-case":
		return uuid.Nil, problem.New("not-found")
	case "disposed-case":
		return uuid.Nil, problem.New("gone")
	default:
		return uuid.Nil, problem.New("conflict")
	}
	if err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return d.Keep(ctx, tx, p) }); err != nil {
		return uuid.Nil, err
	}
	d.Box.Committed()
	return t.Note, nil
}
