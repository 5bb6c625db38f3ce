package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// Pauses tells holders of a hold that covers these units, or covers them no longer.
func Pauses(eventType string, h store.Hold, units []store.Unit) []outbox.Draft {
	var covered map[address][]uuid.UUID
	for _, u := range units {
		put(&covered, addressOf(u), u.ID)
	}
	var drafts []outbox.Draft
	each(covered, func(a address, ids []uuid.UUID) {
		review := h.ReviewAt
		placed := events.HoldPlaced{Hold: h.ID, Holder: a.holder, Units: ids, Reason: h.Reason, ReviewAt: &review}
		if h.Scope == "record" {
			placed.Record = &h.Target
		}
		var data any = placed
		if eventType == events.TypeHoldReleased {
			data = events.HoldReleased{Hold: h.ID, Holder: a.holder, Units: ids, Reason: h.Reason}
		}
		drafts = append(drafts, a.draft(eventType, "", data))
	})
	return drafts
}

// HeldFrom tells the holder of holds that were placed before the unit, or one of its records, was known here.
func (d *Desk) HeldFrom(ctx context.Context, tx pgx.Tx, u store.Unit, targets ...uuid.UUID) error {
	holds, err := store.LockHoldsOf(ctx, tx, u.Authority, u.ID, targets...)
	if err != nil {
		return err
	}
	if len(holds) > 0 {
		if err := store.SetHeld(ctx, tx, u.Authority, []uuid.UUID{u.ID}, true); err != nil {
			return err
		}
	}
	for _, h := range holds {
		if err := d.Out.Append(ctx, tx, Pauses(events.TypeHoldPlaced, h, []store.Unit{u})...); err != nil {
			return err
		}
	}
	return nil
}

// NoLongerHeld tells the holder that holds on one record, which has left the unit, cover the unit no longer, and lets it run
// on where no other hold does.
func (d *Desk) NoLongerHeld(ctx context.Context, tx pgx.Tx, u store.Unit, record uuid.UUID, now time.Time) error {
	holds, err := store.HoldsOn(ctx, tx, u.Authority, record)
	if err != nil || len(holds) == 0 {
		return err
	}
	for _, h := range holds {
		if err := d.Out.Append(ctx, tx, Pauses(events.TypeHoldReleased, h, []store.Unit{u})...); err != nil {
			return err
		}
	}
	still, err := store.Held(ctx, tx, u.Authority, []uuid.UUID{u.ID})
	if err != nil || still[u.ID] {
		return err
	}
	if err := store.SetHeld(ctx, tx, u.Authority, []uuid.UUID{u.ID}, false); err != nil {
		return err
	}
	pack, err := d.Pack(u.Authority)
	if err != nil {
		return err
	}
	return d.Resume(ctx, tx, pack, []store.Unit{u}, now)
}

// Resume gives units that no hold covers any more a date again: those whose last day passed meanwhile go at the next
// 00:00 local time, the others as their clocks say. A unit whose absolute day has come was not kept by any hold.
func (d *Desk) Resume(ctx context.Context, tx pgx.Tx, p *policy.Pack, units []store.Unit, now time.Time) error {
	batch, news := &pgx.Batch{}, news{}
	tomorrow := p.Today(now).AddDays(1)
	for _, u := range units {
		if u.DueOn.IsZero() || u.DueAt.After(now) || !u.AbsoluteAt.IsZero() && !u.AbsoluteAt.After(now) {
			continue
		}
		after := u
		after.NotBefore, after.DueOn, after.DueAt = tomorrow, tomorrow, p.Midnight(tomorrow)
		after.ClaimAt = after.DueAt
		store.SetDue(batch, after)
		store.LeaveTrail(batch, after, now, "hold.released")
		news.add(u, after)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("resume units: %w", err)
	}
	return d.Out.Append(ctx, tx, news.drafts(p.Version)...)
}
