// Package schedule arms units: it asks the core when a unit goes, writes that down, and tells the holder what changed.
//
// It is the same for every event: load the facts, ask deadline, save with the outbox in the caller's transaction. Derived
// dates are always computed anew from all facts, so the order in which streams are read does not matter.
package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// Outbox takes the events of a change in its transaction.
type Outbox interface {
	Append(ctx context.Context, tx pgx.Tx, drafts ...outbox.Draft) error
}

// Desk arms units under the policy packs.
type Desk struct {
	Policy *policy.Set
	Out    Outbox
}

// Pack is the pack of an authority.
func (d *Desk) Pack(authority string) (*policy.Pack, error) {
	p, ok := d.Policy.Pack(authority)
	if !ok {
		return nil, fmt.Errorf("no policy pack for authority %q", authority)
	}
	return p, nil
}

// Cause is why units are armed anew.
type Cause struct {
	Event string    // that moved the date, as case.closed
	At    time.Time // its business time
}

// Arm gives units their schedules. Nothing is written and told but what differs from before.
func (d *Desk) Arm(ctx context.Context, tx pgx.Tx, p *policy.Pack, why Cause, armed ...Armed) error {
	batch, news := &pgx.Batch{}, news{}
	for _, a := range armed {
		after := applied(p, a, why)
		if clocks := clocksOf(a.Schedule); !same(clocks, a.Running) {
			store.SetClocks(batch, p.Authority, a.Unit.ID, clocks)
		}
		if after != a.Unit {
			store.SetDue(batch, after)
		}
		if a.Unit.DueOn != after.DueOn || a.Unit.Rule != after.Rule {
			store.LeaveTrail(batch, after, why.At, why.Event)
		}
		news.add(a.Unit, after)
	}
	if batch.Len() > 0 {
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("save schedule: %w", err)
		}
	}
	return d.Out.Append(ctx, tx, news.drafts(p.Version)...)
}

// Armed is a unit as it is stored, with the clocks that are stored for it, and the schedule it shall have.
type Armed struct {
	Unit     store.Unit
	Running  []store.Clock
	Schedule deadline.Schedule
}

// lateEvent is why a unit is past its date when the date becomes known: the event came late.
const lateEvent = "late-event"

// applied is the unit under its schedule. One whose holder was told already stays due until the holder answers; the new
// date counts if the answer is no.
func applied(p *policy.Pack, a Armed, why Cause) store.Unit {
	u := a.Unit
	due, ok := deadline.DueOf(p, a.Schedule, u.NotBefore)
	ordered, byOrder := erased(p, u)
	due, ok = earlier(due, ok, ordered, byOrder)
	if u.Rule != due.Rule || u.DueOn != due.On {
		u.ClaimAt = due.At // a new date: a holder's earlier refusal no longer delays it
		u.OverdueBecause = ""
		if ok && !due.At.After(why.At) && due.Trigger != events.TriggerErasureOrdered {
			u.OverdueBecause = lateEvent
		}
	}
	u.Rule, u.Trigger, u.DueOn, u.DueAt, u.PolicyVersion = due.Rule, due.Trigger, due.On, due.At, due.PolicyVersion
	u.BoundAt = boundOf(p, a.Schedule)
	u.FloorOn, u.AbsoluteAt, u.CeilingAt = a.Schedule.Floor, midnight(p, a.Schedule.Absolute), time.Time{}
	if a.Schedule.Ceiling != nil {
		u.CeilingAt = p.Midnight(a.Schedule.Ceiling.DueOn)
	}
	category, _ := p.Category(u.Category)
	u.Review = category.Review && !byOrder // who has ordered it has looked at it
	switch {
	case u.State == store.Due:
	case ok:
		u.State = store.Running
	default:
		u.State = store.Idle
	}
	return u
}

// boundOf is the instant at which the last day by law is over; zero where there is none.
func boundOf(p *policy.Pack, s deadline.Schedule) time.Time {
	if s.Statutory.IsZero() {
		return time.Time{}
	}
	return p.Midnight(s.Statutory.AddDays(1))
}

// midnight begins a day at the authority; zero for no day.
func midnight(p *policy.Pack, on calendar.Date) time.Time {
	if on.IsZero() {
		return time.Time{}
	}
	return p.Midnight(on)
}

func clocksOf(s deadline.Schedule) []store.Clock {
	var clocks []store.Clock
	for _, c := range []struct {
		kind  string
		clock *deadline.Clock
	}{{"normal", s.Normal}, {"ceiling", s.Ceiling}} {
		if c.clock != nil {
			clocks = append(clocks, store.Clock{
				Kind: c.kind, Rule: c.clock.Rule.ID, Trigger: string(c.clock.Rule.Trigger), D0: c.clock.D0,
				Period: c.clock.Rule.Period.String(), Mode: string(c.clock.Rule.Mode), E: c.clock.E(), DueOn: c.clock.DueOn,
			})
		}
	}
	return clocks
}

func same(a, b []store.Clock) bool {
	if len(a) != len(b) {
		return false
	}
	for _, c := range a {
		found := false
		for _, o := range b {
			found = found || c == o
		}
		if !found {
			return false
		}
	}
	return true
}
