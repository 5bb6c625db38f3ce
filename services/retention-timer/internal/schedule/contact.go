package schedule

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// Heard is a contact of which somebody has told.
type Heard struct {
	Pack   *policy.Pack
	Cause  Cause
	Unit   store.Unit
	Record uuid.UUID
	Trace  string // that its events are part of; empty: that of the context
}

// Contacts arms the units of contacts that are first heard of; of the others nothing changes.
func (d *Desk) Contacts(ctx context.Context, tx pgx.Tx, heard ...Heard) error {
	if len(heard) == 0 {
		return nil
	}
	contacts := make([]store.Contact, len(heard))
	for i, h := range heard {
		s := deadline.Of(h.Pack, Facts(h.Unit.Kind, h.Unit.Facts, calendar.Date{}))
		contacts[i] = store.Contact{Unit: applied(h.Pack, Armed{Unit: h.Unit, Schedule: s}, h.Cause), Record: h.Record, Clocks: clocksOf(s)}
	}
	added, err := store.AddContacts(ctx, tx, contacts)
	if err != nil {
		return err
	}
	held := make(map[uuid.UUID]bool, len(added)) // by unit, of those added
	for _, a := range added {
		held[a.Unit] = a.Held
	}
	var drafts []outbox.Draft
	told := make(map[uuid.UUID]bool, len(added))
	for i, h := range heard {
		if _, fresh := held[h.Unit.ID]; fresh && !told[h.Unit.ID] {
			told[h.Unit.ID] = true // the same contact may have been told of twice in one transaction
			news := news{}
			news.add(h.Unit, contacts[i].Unit)
			for _, draft := range news.drafts(h.Pack.Version) {
				draft.Trace = h.Trace
				drafts = append(drafts, draft)
			}
		}
	}
	if err := d.Out.Append(ctx, tx, drafts...); err != nil {
		return err
	}
	for _, c := range contacts {
		if held[c.Unit.ID] {
			if err := d.HeldFrom(ctx, tx, c.Unit, c.Record); err != nil {
				return err
			}
		}
	}
	return nil
}
