package casework

import (
	"context"
	"time"

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
	return d.decision(ctx, l, 0, d.statisticsWithdrawal, d.reopenCase)
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
		if err := store.SetDue(ctx, tx, l.Authority, s.Share, time.Time{}); err != nil {
			return err
		}
		drafts = append(drafts, d.about(l, s, events.TypeCaseReopened, events.CaseReopened{
			Person: s.Person, Case: id, Share: s.Share, EffectiveOn: l.EffectiveOn.String(), DecidedAt: l.At, Reason: l.Reason}))
	}
	return d.Box.Append(ctx, tx, append(drafts, rows...)...)
}
