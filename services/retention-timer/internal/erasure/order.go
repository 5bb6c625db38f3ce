package erasure

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// Desk takes orders.
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
	because  = "erasure.ordered"
)

var errUnanswered = errors.New("a holder's answer is awaited")

// Order takes an order; again is true for one that was taken before, as which it is answered. What nobody has told of yet, what
// is another authority's and what is hidden from who asks does not exist: 404. What is gone is gone: 410. What a rule keeps is
// refused with the rule, and an order on another ground while one is open: 409. While a holder is asked about some of it the
// caller waits, up to ten seconds: 503.
func (d *Desk) Order(ctx context.Context, authority string, r Request) (o Order, again bool, err error) {
	giveUp := clock.PaceNow().Add(d.patience())
	for {
		err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) (err error) {
			o, again, err = d.try(ctx, tx, authority, r)
			return err
		})
		switch {
		case err == nil:
			fault.Point("erasure.ordered")
			d.Changed()
			return o, again, nil
		case !errors.Is(err, errUnanswered):
			return Order{}, false, err
		case clock.PaceNow().After(giveUp):
			return Order{}, false, problem.Unavailable(comeBack)
		}
		if err := clock.Sleep(ctx, glance); err != nil {
			return Order{}, false, err
		}
	}
}

func (d *Desk) patience() time.Duration {
	if d.Patience > 0 {
		return d.Patience
	}
	return patience
}

// try locks what the order concerns, so that the sweep passes it by, and decides.
func (d *Desk) try(ctx context.Context, tx pgx.Tx, authority string, r Request) (Order, bool, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return Order{}, false, problem.New("unknown-authority")
	}
	scope, target, ground, err := r.check(pack)
	if err != nil {
		return Order{}, false, err
	}
	units, last, err := d.known(ctx, tx, authority, scope, target)
	if err != nil {
		return Order{}, false, err
	}
	living := slices.DeleteFunc(slices.Clone(units), func(u store.Unit) bool { return u.State == store.Disposed })
	switch same := last.ID != uuid.Nil && last.Ground == ground.Code; {
	case same && (last.DoneAt.IsZero() || len(living) == 0):
		o, err := d.standing(ctx, tx, last)
		return o, true, err
	case len(living) == 0:
		return Order{}, false, problem.New("gone")
	case last.ID != uuid.Nil && last.DoneAt.IsZero():
		return Order{}, false, problem.New("conflict")
	case slices.ContainsFunc(living, func(u store.Unit) bool { return u.State == store.Due }):
		return Order{}, false, errUnanswered
	}
	now := d.Clock.Now()
	e := store.Erasure{Authority: authority, ID: uuid.New(), Scope: scope, Target: target, Ground: ground.Code, Rule: ground.Requirement,
		PolicyVersion: pack.VersionOn(pack.Today(now)), OrderedOn: pack.Today(now), OrderedAt: now}
	o, err := d.take(ctx, tx, pack, ground, e, living)
	return o, false, err
}

// known locks what there is of a target, for who asks: its units, gone ones too, and the last order for it. Where there is
// neither, or the target is hidden, it is not found.
func (d *Desk) known(ctx context.Context, tx pgx.Tx, authority, scope string, target uuid.UUID) (units []store.Unit, last store.Erasure, err error) {
	if units, err = store.LockErasable(ctx, tx, authority, scope, target); err != nil {
		return nil, last, err
	}
	last, ordered, err := store.LastErasure(ctx, tx, authority, scope, target)
	if err != nil {
		return nil, last, err
	}
	hidden, err := store.HiddenTarget(ctx, tx, authority, scope, target)
	if err != nil {
		return nil, last, err
	}
	units, err = d.visible(ctx, tx, authority, units)
	if err == nil && (hidden || last.Protected && !store.Sees(ctx) || len(units) == 0 && !ordered) {
		err = problem.New("not-found")
	}
	return units, last, err
}

// visible leaves out what is hidden from who asks, such as a contact that is somebody's else too.
func (d *Desk) visible(ctx context.Context, tx pgx.Tx, authority string, units []store.Unit) ([]store.Unit, error) {
	var seen []store.Unit
	for _, u := range units {
		hidden, err := store.Hidden(ctx, tx, authority, []uuid.UUID{u.ID})
		if err != nil {
			return nil, err
		}
		if !hidden {
			seen = append(seen, u)
		}
	}
	return seen, nil
}

// take writes the order with all that it concerns, and sets it going.
func (d *Desk) take(ctx context.Context, tx pgx.Tx, p *policy.Pack, g policy.Ground, e store.Erasure, units []store.Unit) (Order, error) {
	records, err := d.records(ctx, tx, p, g, e, units)
	if err != nil {
		return Order{}, err
	}
	if !slices.ContainsFunc(records, func(r store.ErasureRecord) bool { return r.Kept == "" }) {
		return Order{}, problem.ByRule("conflict", records[0].Kept)
	}
	added, err := store.AddErasure(ctx, tx, e)
	if err != nil {
		return Order{}, err
	}
	if !added {
		return Order{}, errUnanswered // another was quicker: look again
	}
	if err := store.AddErasureRecords(ctx, tx, e.Authority, records); err != nil {
		return Order{}, err
	}
	if err := d.Pursue(ctx, tx, schedule.Cause{Event: because, At: e.OrderedAt}, e.Authority, units); err != nil {
		return Order{}, err
	}
	return d.standing(ctx, tx, e)
}

// records says of every record whether the order takes it. A case's file is what its unit is about, and cannot part: where it
// stays, all that goes with it stays; it is not erased by itself, but with its case.
func (d *Desk) records(ctx context.Context, tx pgx.Tx, p *policy.Pack, g policy.Ground, e store.Erasure, units []store.Unit) (all []store.ErasureRecord, err error) {
	filed, err := store.RecordsOf(ctx, tx, e.Authority, ids(units))
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		deregistered, err := d.deregistered(ctx, tx, u)
		if err != nil {
			return nil, err
		}
		kept := func(category string) string { return schedule.Kept(p, g, u, category, deregistered, e.OrderedOn) }
		whole := ""
		for _, r := range filed[u.ID] {
			if r.Category == schedule.CaseFile {
				whole = kept(r.Category)
			}
		}
		for _, r := range filed[u.ID] {
			switch {
			case e.Scope != "record":
			case r.Record != e.Target:
				continue
			case r.Category == schedule.CaseFile:
				return nil, problem.OnField("invalid-field", "record")
			}
			row := store.ErasureRecord{Erasure: e.ID, Record: r.Record, Unit: u.ID, Kept: kept(r.Category)}
			if e.Scope != "record" && whole != "" {
				row.Kept = whole
			}
			all = append(all, row)
		}
	}
	if len(all) == 0 {
		return nil, problem.New("not-found")
	}
	return all, nil
}

func (d *Desk) deregistered(ctx context.Context, tx pgx.Tx, u store.Unit) (on calendar.Date, err error) {
	if u.Person == uuid.Nil {
		return on, nil
	}
	p, _, err := store.PersonOf(ctx, tx, u.Authority, u.Person)
	return p.DeregisteredOn, err
}

func ids(units []store.Unit) []uuid.UUID {
	all := make([]uuid.UUID, len(units))
	for i, u := range units {
		all[i] = u.ID
	}
	return all
}

// standing is an order as it stands.
func (d *Desk) standing(ctx context.Context, q store.Querier, e store.Erasure) (Order, error) {
	left, err := store.OutstandingOf(ctx, q, e.Authority, []uuid.UUID{e.ID})
	return view(e, left[e.ID]), err
}

// Orders are those of an authority that who asks may know of, the newest first.
func (d *Desk) Orders(ctx context.Context, authority string) ([]Order, error) {
	orders := []Order{}
	all, err := store.Erasures(ctx, d.DB, authority)
	if err != nil || len(all) == 0 {
		return orders, err
	}
	of := make([]uuid.UUID, len(all))
	for i, e := range all {
		of[i] = e.ID
	}
	left, err := store.OutstandingOf(ctx, d.DB, authority, of)
	for _, e := range all {
		orders = append(orders, view(e, left[e.ID]))
	}
	return orders, err
}
