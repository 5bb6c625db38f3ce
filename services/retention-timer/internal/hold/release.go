package hold

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// Release ends a hold. What no other hold covers runs on; what is past its last day goes at the next 00:00 local time.
// Releasing twice is releasing once.
func (d *Desk) Release(ctx context.Context, authority string, id uuid.UUID) error {
	err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return d.release(ctx, tx, authority, id) })
	if err == nil {
		d.Changed()
	}
	return err
}

func (d *Desk) release(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) error {
	h, ok, err := store.LockHold(ctx, tx, authority, id)
	switch {
	case err != nil:
		return err
	case !ok:
		return problem.New("not-found")
	}
	hidden, err := store.HiddenTarget(ctx, tx, authority, h.Scope, h.Target)
	switch {
	case err != nil:
		return err
	case hidden && !h.Blind:
		return problem.New("not-found")
	case h.ReleasedAt != nil:
		return nil
	}
	pack, err := d.Pack(authority)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	if err := store.ReleaseHold(ctx, tx, authority, id, now); err != nil {
		return err
	}
	covered, err := store.LockCovered(ctx, tx, authority, h.Scope, h.Target)
	if err != nil {
		return err
	}
	living := slices.DeleteFunc(covered, func(u store.Unit) bool { return u.State == store.Disposed })
	free, err := d.free(ctx, tx, authority, living)
	if err != nil {
		return err
	}
	if err := store.SetHeld(ctx, tx, authority, idsOf(free), false); err != nil {
		return err
	}
	if err := d.Resume(ctx, tx, pack, free, now); err != nil {
		return err
	}
	return d.Out.Append(ctx, tx, schedule.Pauses(events.TypeHoldReleased, h, living)...)
}

// free leaves out what another hold still covers.
func (d *Desk) free(ctx context.Context, tx pgx.Tx, authority string, units []store.Unit) ([]store.Unit, error) {
	still, err := store.Held(ctx, tx, authority, idsOf(units))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(units), func(u store.Unit) bool { return still[u.ID] }), nil
}
