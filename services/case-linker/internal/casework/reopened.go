package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// reopened takes a closing back: the case's clocks are cancelled and its statistics rows withdrawn. Once its time is over
// a case cannot be reopened (gone).
func (d *Desk) reopened(ctx context.Context, l line.Line) (change, error) {
	c, shares, unit, err := d.caseAndKey(ctx, l)
	if err != nil {
		return change{}, err
	}
	closings, err := store.Closings(ctx, d.DB, l.Authority, c.Case)
	if err != nil {
		return change{}, err
	}
	n := len(closings)
	rows := make([]outbox.Draft, 0, len(shares))
	for _, s := range shares {
		row, err := d.statisticsWithdrawal(ctx, l.Authority, s, n)
		if err != nil {
			return change{}, err
		}
		rows = append(rows, row)
	}
	return change{answer: Answer{ID: c.Case, Record: c.File}, unit: unit, ref: shares[0].Share,
		apply: func(ctx context.Context, tx pgx.Tx) error { return d.reopenCase(ctx, tx, l, c.Case, n, rows) }}, nil
}

func (d *Desk) reopenCase(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID, n int, rows []outbox.Draft) error {
	c, shares, err := d.lockCase(ctx, tx, l.Authority, id)
	if err != nil {
		return err
	}
	switch {
	case d.anyGone(shares):
		return problem.New("gone")
	case c.ClosedOn.IsZero():
		return problem.New("conflict")
	}
	taken, err := store.ReopenCase(ctx, tx, l.Authority, id, l.At)
	if err != nil {
		return err
	}
	if taken != n || len(rows) != len(shares) {
		return errStale
	}
	var drafts []outbox.Draft
	for _, s := range shares {
		drafts = append(drafts, d.about(l, s, events.TypeCaseReopened, events.CaseReopened{
			Person: s.Person, Case: id, Share: s.Share, EffectiveOn: l.EffectiveOn.String(), DecidedAt: l.At, Reason: l.Reason}))
	}
	return d.Box.Append(ctx, tx, append(drafts, rows...)...)
}
