// Package consume applies what intake and case-linker tell: facts become clocks, answers become states.
//
// One file per event. Every handler is safe for a second delivery (the inbox stops most; the writes are idempotent), for a
// late one (dates are derived from all facts) and for one after disposal (a disposed unit stays disposed).
package consume

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// Streams are what this service reads.
var Streams = []string{"EV_CONTACT", "EV_CASE"}

// Awaited are the producers without whose word nothing is destroyed.
var Awaited = []store.Awaited{{Stream: "EV_CONTACT", Service: events.Intake}, {Stream: "EV_CASE", Service: events.CaseLinker}}

// Desk handles events.
type Desk struct{ *schedule.Desk }

// Handlers lists what is handled; every other event is passed over.
func (d Desk) Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeContactRecorded:    d.contactRecorded,
		events.TypePersonRegistered:   d.personRegistered,
		events.TypePersonDeregistered: d.personDeregistered,
		events.TypeCaseOpened:         d.caseOpened,
		events.TypeCaseClosed:         d.caseClosed,
		events.TypeCaseReopened:       d.caseReopened,
		events.TypeCaseNoted:          d.caseNoted,
		events.TypeRecordDisposed:     d.recordDisposed,
		events.TypeDisposalDeclined:   d.disposalDeclined,
	}
}

// pack refuses an event of an authority that no policy knows: it is parked until somebody adds the pack.
func (d Desk) pack(ev bus.Event) (*policy.Pack, error) {
	p, err := d.Pack(ev.Authority)
	if err != nil {
		return nil, bus.Refuse(err)
	}
	return p, nil
}

// date reads a civil date of a payload.
func date(ev bus.Event, field, s string) (calendar.Date, error) {
	d, err := calendar.ParseDate(s)
	if err != nil {
		return calendar.Date{}, bus.Refuse(fmt.Errorf("read %s of %s: %w", field, ev.Type, err))
	}
	return d, nil
}

// person is the story of every event about a person: lock, change one fact, arm all units of the person anew.
func (d Desk) person(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, change func(*store.Person) error) error {
	known, err := store.LockPerson(ctx, tx, authority, person)
	if err != nil {
		return err
	}
	before := known
	if err := change(&known); err != nil {
		return err
	}
	if known != before {
		if err := store.SavePerson(ctx, tx, authority, person, known); err != nil {
			return err
		}
	}
	return d.Person(ctx, tx, authority, person, known)
}

// localDay is the civil date of an instant at the authority.
func localDay(p *policy.Pack, at time.Time) calendar.Date { return calendar.DateOf(at, p.Zone) }
