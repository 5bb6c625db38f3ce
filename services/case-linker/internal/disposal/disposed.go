package disposal

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/services/case-linker/internal/store"
)

// disposed tells of what has gone.
type disposed struct {
	holder                     string
	removedAt, unrecoverableAt time.Time
}

// drafts are at most 500 units of one authority and partition an event; the units of a person follow each other. gone are
// the records of the units that went, by authority and unit.
func (d disposed) drafts(intents []store.Intent, gone map[string]map[uuid.UUID][]store.Record) []outbox.Draft {
	went := slices.DeleteFunc(slices.Clone(intents), func(in store.Intent) bool { _, went := gone[in.Authority][in.Unit]; return !went })
	var drafts []outbox.Draft
	for _, b := range outbox.Bundles(went, events.MaxUnits, func(in store.Intent) (string, string) { return in.Authority, in.Person.String() }) {
		drafts = append(drafts, d.draft(b.Authority, b.Things, gone[b.Authority]))
	}
	return drafts
}

func (d disposed) draft(authority string, intents []store.Intent, gone map[uuid.UUID][]store.Record) outbox.Draft {
	key := intents[0].Person.String() // any of the partition
	e := events.RecordDisposed{Holder: d.holder, RemovedAt: d.removedAt, UnrecoverableAt: d.unrecoverableAt}
	for _, in := range intents {
		unit := events.DisposedUnit{Unit: in.Unit, Rule: in.Rule, Trigger: in.Trigger, DueOn: in.DueOn.String(), DueAt: in.DueAt,
			PolicyVersion: in.PolicyVersion, Records: []events.DisposedRecord{}}
		for _, r := range gone[in.Unit] {
			if r.Protected {
				unit.Audience = events.AudienceProtected
			}
			unit.Records = append(unit.Records, events.DisposedRecord{Record: r.Record, Category: r.Category, Commitment: r.Commitment})
		}
		e.Units = append(e.Units, unit)
	}
	return outbox.Draft{Authority: authority, Type: events.TypeRecordDisposed, Subject: key, Key: key, Data: e}
}
