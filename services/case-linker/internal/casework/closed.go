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

// closed stores a closing decision: the clocks start, and for each registered person a coarse row goes to statistics
// (AFG-54).
func (d *Desk) closed(ctx context.Context, l line.Line) (change, error) {
	return d.decision(ctx, l, 1, d.statisticsRow, d.closeCase)
}

func (d *Desk) closeCase(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID, n int, rows []outbox.Draft) error {
	c, shares, err := d.lockCase(ctx, tx, l.Authority, id)
	switch {
	case err != nil:
		return err
	case !c.ClosedOn.IsZero():
		return problem.New("conflict")
	case l.EffectiveOn.Before(l.Pack.Today(c.OpenedAt)):
		return problem.OnField("invalid-time", "effective")
	}
	stored, err := store.CloseCase(ctx, tx, l.Authority, id, casefile.Close(l.At, l.EffectiveOn, l.Pack.Zone))
	if err != nil {
		return err
	}
	if stored != n || len(rows) != counted(l.Pack, shares) {
		return errStale
	}
	persons, err := store.LockPersons(ctx, tx, l.Authority, personsOf(shares))
	if err != nil {
		return err
	}
	c.ClosedOn = l.EffectiveOn
	var drafts []outbox.Draft
	for _, s := range shares {
		if err := setDates(ctx, tx, l.Pack, persons[s.Person], c, s); err != nil {
			return err
		}
		drafts = append(drafts, d.about(l, s, events.TypeCaseClosed, events.CaseClosed{
			Person: s.Person, Case: id, Share: s.Share, EffectiveOn: l.EffectiveOn.String(), DecidedAt: l.At, Reason: l.Reason}))
	}
	return d.Box.Append(ctx, tx, append(drafts, rows...)...)
}

// caseAndKey finds the case of a line, its living shares, and the key of the first.
func (d *Desk) caseAndKey(ctx context.Context, l line.Line) (store.Case, []store.Share, *keyring.Unit, error) {
	c, shares, err := d.caseOf(ctx, l.Authority, l.Number)
	if err != nil {
		return c, nil, nil, err
	}
	if shares = d.living(shares); len(shares) == 0 {
		return c, nil, nil, problem.New("gone")
	}
	unit, err := d.Keys.Unit(ctx, ref(l.Authority, shares[0].Share))
	return c, shares, unit, err
}
