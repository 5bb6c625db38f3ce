package hold

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// Desk places and releases.
type Desk struct {
	*schedule.Desk
	DB       *pgxpool.Pool
	Clock    clock.Business
	Changed  func()        // after a commit: events wait and dates may have changed
	Patience time.Duration // how long to wait for a holder's answer; 0: ten seconds
}

const (
	patience = 10 * time.Second
	glance   = 20 * time.Millisecond
	comeBack = 2 * time.Second
)

var errUnanswered = errors.New("a holder's answer is awaited")

// Place answers with the hold, 409 when all that it would cover is destroyed or given up to destruction, or 503 when a
// holder did not answer in time. Placing again with the same scope, target and reason renews the review.
func (d *Desk) Place(ctx context.Context, authority string, r Request) (store.Hold, error) {
	giveUp := clock.PaceNow().Add(d.patience())
	for {
		var placed store.Hold
		err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) (err error) {
			placed, err = d.try(ctx, tx, authority, r)
			return err
		})
		switch {
		case err == nil:
			d.Changed()
			return placed, nil
		case !errors.Is(err, errUnanswered):
			return store.Hold{}, err
		case clock.PaceNow().After(giveUp):
			return store.Hold{}, problem.Unavailable(comeBack)
		}
		if err := clock.Sleep(ctx, glance); err != nil {
			return store.Hold{}, err
		}
	}
}

func (d *Desk) patience() time.Duration {
	if d.Patience > 0 {
		return d.Patience
	}
	return patience
}

// try locks what the hold covers, so that the sweep passes it by, and decides.
func (d *Desk) try(ctx context.Context, tx pgx.Tx, authority string, r Request) (store.Hold, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return store.Hold{}, problem.New("unknown-authority")
	}
	now := d.Clock.Now()
	reviewAt, err := r.review(pack, now)
	if err != nil {
		return store.Hold{}, err
	}
	covered, err := store.LockCovered(ctx, tx, authority, r.Scope, r.Target)
	if err != nil {
		return store.Hold{}, err
	}
	hidden, err := store.HiddenTarget(ctx, tx, authority, r.Scope, r.Target)
	if err != nil {
		return store.Hold{}, err
	}
	living, err := livingOf(covered)
	if hidden { // it holds what can be held, and is answered like one on something that nobody has told of
		living, err = standing(covered), nil
	}
	if err != nil {
		return store.Hold{}, err
	}
	h, err := store.PlaceHold(ctx, tx, store.Hold{
		Authority: authority, ID: uuid.New(), Scope: r.Scope, Target: r.Target, Reason: r.Reason, PlacedAt: now, ReviewAt: reviewAt, Blind: hidden,
	})
	if err != nil {
		return store.Hold{}, err
	}
	if err := store.SetHeld(ctx, tx, authority, idsOf(living), true); err != nil {
		return store.Hold{}, err
	}
	return h, d.Out.Append(ctx, tx, schedule.Pauses(events.TypeHoldPlaced, h, living)...)
}

// standing are the units that are neither destroyed nor given up to it.
func standing(covered []store.Unit) []store.Unit {
	return slices.DeleteFunc(slices.Clone(covered), func(u store.Unit) bool { return u.State == store.Due || u.State == store.Disposed })
}

// livingOf leaves out what is destroyed. When nothing is left, it is too late for a hold; when nothing is known at all,
// the hold comes before the record.
func livingOf(covered []store.Unit) ([]store.Unit, error) {
	var living []store.Unit
	for _, u := range covered {
		switch u.State {
		case store.Due:
			return nil, errUnanswered
		case store.Disposed:
		default:
			living = append(living, u)
		}
	}
	if len(covered) > 0 && len(living) == 0 {
		return nil, problem.New("conflict")
	}
	return living, nil
}

func idsOf(units []store.Unit) []uuid.UUID {
	ids := make([]uuid.UUID, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	return ids
}
