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
	switch {
	case err != nil:
		return err
	case c.ClosedOn.IsZero():
		return problem.New("conflict")
	}
	if err := d.settled(ctx, tx, l.Authority, id); err != nil {
		return err
	}
	taken, err := store.ReopenCase(ctx, tx, l.Authority, id, l.At)
	if err != nil {
		return err
	}
	if taken != n || len(rows) != counted(l.Pack, shares) {
		return errStale
	}
	if err := store.OpenNoteUnits(ctx, tx, l.Authority, id); err != nil {
		return err
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

// settled waits for a share whose time is over and whose end is not decided yet: it would come back to life with the case.
func (d *Desk) settled(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) error {
	shares, err := store.SharesOfCase(ctx, tx, authority, id)
	if err != nil {
		return err
	}
	for _, s := range shares {
		if !s.Intended && d.over(s.DueAt, s.Intended, s.Held) {
			return problem.Unavailable(disposing)
		}
	}
	return nil
}
