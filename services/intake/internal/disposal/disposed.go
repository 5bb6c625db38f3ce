package disposal

import (
	"slices"
	"time"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/services/intake/internal/store"
)

// disposed tells of what has gone: at most 500 units of one authority and
// partition an event. removedAt is when readers lost the last of them.
func disposed(gone []store.Gone, unrecoverableAt time.Time) []outbox.Draft {
	type lane struct {
		authority string
		partition int
	}
	lanes := map[lane][]store.Gone{}
	var order []lane
	for _, g := range gone {
		l := lane{g.Authority, bus.Partition(g.Contact.String())}
		if lanes[l] == nil {
			order = append(order, l)
		}
		lanes[l] = append(lanes[l], g)
	}
	var drafts []outbox.Draft
	for _, l := range order {
		for part := range slices.Chunk(lanes[l], events.MaxUnits) {
			drafts = append(drafts, draft(l.authority, part, unrecoverableAt))
		}
	}
	return drafts
}

func draft(authority string, gone []store.Gone, unrecoverableAt time.Time) outbox.Draft {
	key := gone[0].Contact.String() // any of the partition
	e := events.RecordDisposed{Holder: events.Intake, UnrecoverableAt: unrecoverableAt}
	for _, g := range gone {
		if g.RemovedAt.After(e.RemovedAt) {
			e.RemovedAt = g.RemovedAt.UTC()
		}
		e.Units = append(e.Units, events.DisposedUnit{
			Unit: g.Unit, Rule: g.Rule, Trigger: g.Trigger, DueOn: g.DueOn.String(), DueAt: g.DueAt.UTC(), PolicyVersion: g.PolicyVersion,
			Records: []events.DisposedRecord{{Record: g.Contact, Category: g.Category, Commitment: g.Commitment}},
		})
	}
	return outbox.Draft{Authority: authority, Type: events.TypeRecordDisposed, Subject: key, Key: key, Data: e, PolicyVersion: gone[0].PolicyVersion}
}
