package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/store"
)

// over says whether a unit may no longer be read: its destruction is decided, or the instant that retention-timer told is
// past. A hold keeps it readable.
func (d *Desk) over(dueAt time.Time, intended, held bool) bool {
	return intended || !held && !dueAt.IsZero() && !d.Clock.Now().Before(dueAt)
}

// living are the shares that may be read. Each person's share of a case has a time of its own.
func (d *Desk) living(shares []store.Share) []store.Share {
	var out []store.Share
	for _, s := range shares {
		if !d.over(s.DueAt, s.Intended, s.Held) {
			out = append(out, s)
		}
	}
	return out
}

// lockCase locks a case's persons, its shares, then the case, as a burial does, and reads it. It is gone when none of its
// shares lives.
func (d *Desk) lockCase(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (c store.Case, living []store.Share, err error) {
	shares, err := store.SharesOfCase(ctx, tx, authority, id)
	if err != nil {
		return c, nil, err
	}
	if _, err := store.LockPersons(ctx, tx, authority, personsOf(shares)); err != nil {
		return c, nil, err
	}
	if shares, err = store.LockSharesOfCase(ctx, tx, authority, id); err != nil {
		return c, nil, err
	}
	c, found, err := store.LockCase(ctx, tx, authority, id)
	if err == nil && slices.ContainsFunc(shares, func(s store.Share) bool { return s.Kind == store.OwnShare }) {
		// somebody may have joined meanwhile; from here on nobody does
		shares, err = store.LockSharesOfCase(ctx, tx, authority, id)
	}
	if err != nil {
		return c, nil, err
	}
	if living = d.living(shares); !found || len(living) == 0 {
		return c, nil, problem.New("gone")
	}
	return c, living, nil
}
