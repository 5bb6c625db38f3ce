// Package consume applies what intake and case-linker tell: facts become clocks, answers become states.
//
// One file per event, or per thing with several small ones. Every handler is safe for a second delivery (the inbox stops
// most; the writes are idempotent), for a late one (dates are derived from all facts) and for one after disposal (a
// disposed unit stays disposed). What cannot be true is parked with its reason: a day further ahead than a clock's skew
// where none may be ahead, an end before its beginning, a record that nobody has told of.
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
	"gallra.se/libs/deadline"
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
		events.TypeContactRecorded:      d.contactRecorded,
		events.TypeContactWithdrawn:     d.contactWithdrawn,
		events.TypeRecordingExtended:    d.recordingExtended,
		events.TypeRecordingReasonEnded: d.recordingReasonEnded,
		events.TypeGroupCreated:         d.groupCreated,
		events.TypeGroupJoined:          d.groupJoined,
		events.TypeGroupMoved:           d.groupMoved,
		events.TypeGroupEnded:           d.groupEnded,
		events.TypeRequestReceived:      d.requestReceived,
		events.TypePersonRegistered:     d.personRegistered,
		events.TypePersonDeregistered:   d.personDeregistered,
		events.TypePersonCorrected:      d.personCorrected,
		events.TypeCaseOpened:           d.caseOpened,
		events.TypeCaseClosed:           d.caseClosed,
		events.TypeCaseReopened:         d.caseReopened,
		events.TypeCaseNoted:            d.caseNoted,
		events.TypeCaseAdopted:          d.caseRecordAdopted,
		events.TypeCaseParted:           d.caseRecordParted,
		events.TypeAlarmRaised:          d.alarmRaised,
		events.TypeRecordDisposed:       d.recordDisposed,
		events.TypeContactLinked:        d.contactLinked,
		events.TypeProtectionMarked:     d.protectionMarked,
		events.TypeProtectionLifted:     d.protectionLifted,
		events.TypeDisposalDeclined:     d.disposalDeclined,
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

// promised refuses an event about records of which the pack says nothing at all.
func (d Desk) promised(ev bus.Event, category, caseType string) (*policy.Pack, error) {
	p, err := d.pack(ev)
	if err == nil && !deadline.Promised(p, category, caseType) {
		err = bus.Refuse(fmt.Errorf("%s: the policy of %s says nothing of %s %s", ev.Type, ev.Authority, category, caseType))
	}
	return p, err
}

type day = calendar.Date

// date reads a civil date of a payload.
func date(ev bus.Event, field, s string) (calendar.Date, error) {
	d, err := calendar.ParseDate(s)
	if err != nil {
		return calendar.Date{}, bus.Refuse(fmt.Errorf("read %s of %s: %w", field, ev.Type, err))
	}
	return d, nil
}

// skew is how far ahead of ours an outside clock may be (D7).
const skew = 5 * time.Minute

// past reads the date of something that has happened: it cannot lie ahead of the event.
func past(ev bus.Event, p *policy.Pack, field, s string) (calendar.Date, error) {
	d, err := date(ev, field, s)
	if err == nil && d.After(p.Today(ev.Time().Add(skew))) {
		err = bus.Refuse(fmt.Errorf("%s of %s lies ahead of the event", field, ev.Type))
	}
	return d, err
}

// because is why units are armed anew, for their trail.
func because(ev bus.Event) schedule.Cause {
	name := ev.Type
	if e, known := events.Lookup(ev.Type); known {
		name = e.Name()
	}
	return schedule.Cause{Event: name, At: ev.Time()}
}

// heardOf locks a unit; an event about one that nobody has told of is parked.
func heardOf(ctx context.Context, tx pgx.Tx, ev bus.Event, unit uuid.UUID) (store.Unit, error) {
	u, known, err := store.LockUnit(ctx, tx, ev.Authority, unit)
	if err == nil && !known {
		err = unknown(ev, unit)
	}
	return u, err
}

// unknown parks an event about something that nobody has told of.
func unknown(ev bus.Event, id uuid.UUID) error {
	return bus.Refuse(fmt.Errorf("%s of %s, which is not known", ev.Type, id))
}

// firstHeard makes a unit with its one record, holds that came before it, and its clocks. A second time it does nothing.
func (d Desk) firstHeard(ctx context.Context, tx pgx.Tx, ev bus.Event, u store.Unit, record uuid.UUID) error {
	added, err := store.AddUnit(ctx, tx, u)
	if err != nil || !added {
		return err
	}
	if err := store.AddRecord(ctx, tx, ev.Authority, record, u.ID, ""); err != nil {
		return err
	}
	if err := d.HeldFrom(ctx, tx, u, record); err != nil {
		return err
	}
	return d.Units(ctx, tx, because(ev), ev.Authority, []store.Unit{u}, nil)
}

// person is the story of every event about a person: lock, change one fact, arm all units of the person anew.
func (d Desk) person(ctx context.Context, tx pgx.Tx, ev bus.Event, person uuid.UUID, change func(*store.Person) error) error {
	known, err := store.LockPerson(ctx, tx, ev.Authority, person)
	if err != nil {
		return err
	}
	before := known
	if err := change(&known); err != nil {
		return err
	}
	if known != before {
		if err := store.SavePerson(ctx, tx, ev.Authority, person, known); err != nil {
			return err
		}
	}
	return d.Person(ctx, tx, because(ev), ev.Authority, person, known)
}

// localDay is the civil date of an instant at the authority.
func localDay(p *policy.Pack, at time.Time) calendar.Date { return calendar.DateOf(at, p.Zone) }
