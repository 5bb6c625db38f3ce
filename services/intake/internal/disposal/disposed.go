package disposal

import (
	"time"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/services/intake/internal/store"
)

// disposed tells of what has gone: at most 500 units of one authority and
// partition an event. removedAt is when readers lost the last of them.
func disposed(gone []store.Gone, unrecoverableAt time.Time) []outbox.Draft {
	var drafts []outbox.Draft
	for _, b := range outbox.Bundles(gone, events.MaxUnits, func(g store.Gone) (string, string) { return g.Authority, g.Contact.String() }) {
		drafts = append(drafts, draft(b.Authority, b.Things, unrecoverableAt))
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
		audience := ""
		if g.Protected {
			audience = events.AudienceProtected
		}
		e.Units = append(e.Units, events.DisposedUnit{
			Audience: audience,
			Unit:     g.Unit, Rule: g.Rule, Trigger: g.Trigger, DueOn: g.DueOn.String(), DueAt: g.DueAt.UTC(), PolicyVersion: g.PolicyVersion,
			Records: []events.DisposedRecord{{Record: g.Contact, Category: g.Category, Commitment: g.Commitment}},
		})
	}
	return outbox.Draft{Authority: authority, Type: events.TypeRecordDisposed, Subject: key, Key: key, Data: e, PolicyVersion: gone[0].PolicyVersion}
}
