package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casefile"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// closed stores a closing decision: the clocks start, and for each share a coarse row goes to statistics (AFG-54).
func (d *Desk) closed(ctx context.Context, l line.Line) (change, error) {
	return d.decision(ctx, l, 1, d.statisticsRow, d.closeCase)
}

func (d *Desk) closeCase(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID, n int, rows []outbox.Draft) error {
	c, shares, err := d.lockCase(ctx, tx, l.Authority, id)
	if err != nil {
		return err
	}
	switch {
	case d.anyGone(shares):
		return problem.New("gone")
	case !c.ClosedOn.IsZero():
		return problem.New("conflict")
	case l.EffectiveOn.Before(l.Pack.Today(c.OpenedAt)):
		return problem.OnField("invalid-time", "effective")
	}
	stored, err := store.CloseCase(ctx, tx, l.Authority, id, casefile.Close(l.At, l.EffectiveOn, l.Pack.Zone))
	if err != nil {
		return err
	}
	if stored != n || len(rows) != len(shares) {
		return errStale
	}
	var drafts []outbox.Draft
	for _, s := range shares {
		drafts = append(drafts, d.about(l, s, events.TypeCaseClosed, events.CaseClosed{
			Person: s.Person, Case: id, Share: s.Share, EffectiveOn: l.EffectiveOn.String(), DecidedAt: l.At, Reason: l.Reason}))
	}
	return d.Box.Append(ctx, tx, append(drafts, rows...)...)
}

// caseAndKey finds the case of a line and the key of its first share.
func (d *Desk) caseAndKey(ctx context.Context, l line.Line) (store.Case, []store.Share, *keyring.Unit, error) {
	c, shares, err := d.caseOf(ctx, l.Authority, l.Number)
	if err != nil {
		return c, nil, nil, err
	}
	if len(shares) == 0 || d.anyGone(shares) {
		return c, nil, nil, problem.New("gone")
	}
	unit, err := d.Keys.Unit(ctx, ref(l.Authority, shares[0].Share))
	return c, shares, unit, err
}

// lockCase locks a case's persons, then its shares, and reads it.
func (d *Desk) lockCase(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (store.Case, []store.Share, error) {
	shares, err := store.SharesOfCase(ctx, tx, authority, id)
	if err != nil {
		return store.Case{}, nil, err
	}
	if _, err := store.LockPersons(ctx, tx, authority, personsOf(shares)); err != nil {
		return store.Case{}, nil, err
	}
	ids := make([]uuid.UUID, len(shares))
	for i, s := range shares {
		ids[i] = s.Share
	}
	locked, err := store.LockShares(ctx, tx, authority, ids)
	if err != nil {
		return store.Case{}, nil, err
	}
	for i, id := range ids {
		shares[i] = locked[id]
	}
	c, found, err := store.FindCase(ctx, tx, authority, id)
	if err == nil && (!found || len(locked) != len(ids)) {
		err = problem.New("gone")
	}
	return c, shares, err
}

// anyGone says whether a share of a case may no longer be read: decided, or past the instant that retention-timer told.
// A hold keeps it readable.
func (d *Desk) anyGone(shares []store.Share) bool {
	now := d.Clock.Now()
	for _, s := range shares {
		if s.Intended || !s.Held && !s.DueAt.IsZero() && !now.Before(s.DueAt) {
			return true
		}
	}
	return false
}
