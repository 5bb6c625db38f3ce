package testbed

import (
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/calendar"
)

// At is an instant in Stockholm.
func At(s string) time.Time {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, stockholm)
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

// Contact records a contact that ended on a day and returns its id, which is its unit's too.
func (b *Bed) Contact(category, endedOn string) uuid.UUID {
	b.T.Helper()
	id := uuid.New()
	b.ContactAs(id, category, endedOn)
	return id
}

// ContactAs is Contact with a given id.
func (b *Bed) ContactAs(id uuid.UUID, category, endedOn string) {
	b.T.Helper()
	b.TellAt(midday(endedOn), events.TypeContactRecorded, id, events.ContactRecorded{Contact: id, Unit: id, Category: category, EndedOn: endedOn})
}

// Person is a test person: its identity unit has the person's id.
type Person struct {
	bed *Bed
	ID  uuid.UUID
}

// Registered registers a new person.
func (b *Bed) Registered(on string) Person {
	b.T.Helper()
	p := Person{b, uuid.New()}
	p.Register(on)
	return p
}

// Register registers the person, for the first time or again.
func (p Person) Register(on string) {
	p.bed.T.Helper()
	p.bed.Tell(events.TypePersonRegistered, p.ID, events.PersonRegistered{
		Person: p.ID, Unit: p.ID, Record: p.ID, RegisteredOn: on, RegisteredAt: midday(on)})
}

// Deregister ends the registration.
func (p Person) Deregister(on string) {
	p.bed.T.Helper()
	p.bed.Tell(events.TypePersonDeregistered, p.ID, events.PersonDeregistered{Person: p.ID, Unit: p.ID, EffectiveOn: on})
}

// Case is a test person's share of a case: file, share and case bear different ids.
type Case struct {
	person            Person
	ID, Share, FileID uuid.UUID
}

// Stranger is a person who was never registered, such as an applicant.
func (b *Bed) Stranger() Person { return Person{b, uuid.New()} }

// Open opens a job-seeking case for the person alone.
func (p Person) Open(on string) Case {
	p.bed.T.Helper()
	return p.OpenAs("job-seeking", on)
}

// OpenAs opens a case of a type for the person alone.
func (p Person) OpenAs(caseType, on string) Case {
	p.bed.T.Helper()
	c := Case{p, uuid.New(), uuid.New(), uuid.New()}
	p.bed.Tell(events.TypeCaseOpened, p.ID, events.CaseOpened{
		Person: p.ID, Case: c.ID, Share: c.Share, File: c.FileID, CaseType: caseType, OpenedAt: midday(on)})
	return c
}

// Close closes the case.
func (c Case) Close(on string) {
	c.person.bed.T.Helper()
	c.person.bed.Tell(events.TypeCaseClosed, c.person.ID, events.CaseClosed{
		Person: c.person.ID, Case: c.ID, Share: c.Share, EffectiveOn: on})
}

// Reopen opens the case again.
func (c Case) Reopen(on string) {
	c.person.bed.T.Helper()
	c.person.bed.Tell(events.TypeCaseReopened, c.person.ID, events.CaseReopened{
		Person: c.person.ID, Case: c.ID, Share: c.Share, EffectiveOn: on})
}

// Note stores a note in the case and returns its id.
func (c Case) Note() uuid.UUID {
	c.person.bed.T.Helper()
	note := uuid.New()
	c.person.bed.Tell(events.TypeCaseNoted, c.person.ID, events.CaseNoted{
		Person: c.person.ID, Case: c.ID, Share: c.Share, Note: note})
	return note
}

// NoteApart stores a note of a category in a unit of its own and returns the unit's id.
func (c Case) NoteApart(category string) uuid.UUID {
	c.person.bed.T.Helper()
	unit := uuid.New()
	c.person.bed.Tell(events.TypeCaseNoted, c.person.ID, events.CaseNoted{
		Person: c.person.ID, Case: c.ID, Share: c.Share, Note: uuid.New(), Unit: &unit, Category: category})
	return unit
}

// Disposed tells that the holder disposed of units, each with one record of its own id.
func (b *Bed) Disposed(holder, rule, dueOn string, units ...uuid.UUID) {
	b.T.Helper()
	gone := events.RecordDisposed{Holder: holder}
	for _, u := range units {
		gone.Units = append(gone.Units, events.DisposedUnit{Unit: u, Rule: rule, Trigger: "contact-ended", DueOn: dueOn,
			Records: []events.DisposedRecord{{Record: u, Category: "contact.chat"}}})
	}
	b.Tell(events.TypeRecordDisposed, units[0], gone)
}

// Declined tells that the holder would not dispose of units.
func (b *Bed) Declined(holder, reason string, units ...uuid.UUID) {
	b.T.Helper()
	no := events.DisposalDeclined{Holder: holder}
	for _, u := range units {
		no.Units = append(no.Units, events.DeclinedUnit{Unit: u, Reason: reason})
	}
	b.Tell(events.TypeDisposalDeclined, units[0], no)
}

func midday(on string) time.Time {
	return At(calendar.MustDate(on).String() + " 12:00")
}
