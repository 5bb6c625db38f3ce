package schedule

import (
	"cmp"
	"slices"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/services/retention-timer/internal/store"
)

// news collects what holders must hear: one event per holder, partition key and kind of change.
type news struct {
	started, recomputed map[address][]events.ClockUnit
	cancelled           map[address][]events.CancelledUnit
}

type address struct{ authority, holder, key string }

func addressOf(u store.Unit) address { return address{u.Authority, u.Holder, u.Key} }

// add compares a unit's effective date before and after.
func (n *news) add(before, after store.Unit) {
	to := addressOf(after)
	switch {
	case before.DueOn.IsZero() && after.DueOn.IsZero():
	case before.DueOn.IsZero():
		put(&n.started, to, clockUnit(after))
	case after.DueOn.IsZero():
		put(&n.cancelled, to, events.CancelledUnit{Unit: before.ID, Rule: before.Rule, Trigger: before.Trigger})
	case before.Rule != after.Rule || before.DueOn != after.DueOn:
		put(&n.recomputed, to, clockUnit(after))
	}
}

func clockUnit(u store.Unit) events.ClockUnit {
	return events.ClockUnit{Unit: u.ID, Rule: u.Rule, Trigger: u.Trigger, DueOn: u.DueOn.String(), DueAt: u.DueAt}
}

func put[T any](m *map[address][]T, to address, v T) {
	if *m == nil {
		*m = map[address][]T{}
	}
	(*m)[to] = append((*m)[to], v)
}

// drafts are the events, in an order that does not depend on chance.
func (n *news) drafts(version string) []outbox.Draft {
	var all []outbox.Draft
	each(n.cancelled, func(a address, units []events.CancelledUnit) {
		all = append(all, a.draft(events.TypeClockCancelled, version, events.ClockCancelled{Holder: a.holder, Units: units}))
	})
	each(n.started, func(a address, units []events.ClockUnit) {
		all = append(all, a.draft(events.TypeClockStarted, version, events.ClockStarted{Holder: a.holder, Units: units}))
	})
	each(n.recomputed, func(a address, units []events.ClockUnit) {
		all = append(all, a.draft(events.TypeClockRecomputed, version, events.ClockRecomputed{Holder: a.holder, Units: units}))
	})
	return all
}

func (a address) draft(eventType, version string, data any) outbox.Draft {
	return outbox.Draft{Authority: a.authority, Type: eventType, Subject: a.key, Key: a.key, Data: data, PolicyVersion: version}
}

// each visits addresses in order and splits what is more than one event may carry.
func each[T any](m map[address][]T, visit func(address, []T)) {
	order := make([]address, 0, len(m))
	for a := range m {
		order = append(order, a)
	}
	slices.SortFunc(order, func(a, b address) int {
		return cmp.Or(cmp.Compare(a.authority, b.authority), cmp.Compare(a.holder, b.holder), cmp.Compare(a.key, b.key))
	})
	for _, a := range order {
		for part := range slices.Chunk(m[a], events.MaxUnits) {
			visit(a, part)
		}
	}
}
