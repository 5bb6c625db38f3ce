package sweep

import (
	"cmp"
	"slices"
	"strconv"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/services/retention-timer/internal/store"
)

// letters makes the events: one per holder and partition for contacts, as far as one can carry them, and one per person for
// what case-linker holds. What goes at one instant for one person goes in one event.
func letters(taken []store.Unit) []outbox.Draft {
	lanes := map[string][]store.Unit{}
	for _, u := range taken {
		to := u.Authority + "|" + u.Holder + "|" + lane(u)
		lanes[to] = append(lanes[to], u)
	}
	order := make([][]store.Unit, 0, len(lanes))
	for _, units := range lanes {
		order = append(order, units)
	}
	slices.SortFunc(order, func(a, b []store.Unit) int { return cmp.Compare(a[0].Key, b[0].Key) })
	var drafts []outbox.Draft
	for _, units := range order {
		for part := range slices.Chunk(units, events.MaxUnits) {
			drafts = append(drafts, letter(part))
		}
	}
	return drafts
}

func letter(units []store.Unit) outbox.Draft {
	u := units[0]
	said := events.DisposalDue{Holder: u.Holder}
	for _, u := range units {
		said.Units = append(said.Units, events.DueUnit{
			Unit: u.ID, Rule: u.Rule, Trigger: u.Trigger, DueOn: u.DueOn.String(), DueAt: u.DueAt, PolicyVersion: u.PolicyVersion,
			DespiteHolds: u.Held, // it was taken although a hold stands: its absolute day has come
		})
	}
	return outbox.Draft{Authority: u.Authority, Type: events.TypeDisposalDue, Subject: u.Key, Key: u.Key, Data: said, PolicyVersion: u.PolicyVersion}
}

func lane(u store.Unit) string {
	if u.Kind == store.ContactUnit {
		return strconv.Itoa(u.Partition)
	}
	return u.Key
}
