package consume_test

import (
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/testbed"
)

// TestWhatCannotBeTrueIsParkedAndChangesNothing: an end before its beginning, a day ahead where none may be, a record that
// nobody has told of. The reason names no value.
func TestWhatCannotBeTrueIsParkedAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-03-10 12:00"))
	p := b.Registered("2024-02-01")
	c := p.Open("2024-02-05")
	chat := b.Contact("contact.chat", "2024-03-01")
	stranger := uuid.New()
	for name, event := range map[string]struct {
		kind    string
		key     uuid.UUID
		payload any
	}{
		"a contact that ends tomorrow":             {events.TypeContactRecorded, stranger, events.ContactRecorded{Contact: stranger, Unit: stranger, Category: "contact.chat", EndedOn: "2024-03-11"}},
		"a contact of no day":                      {events.TypeContactRecorded, stranger, events.ContactRecorded{Contact: stranger, Unit: stranger, Category: "contact.chat", EndedOn: "2024-02-30"}},
		"a contact of no category":                 {events.TypeContactRecorded, stranger, events.ContactRecorded{Contact: stranger, Unit: stranger, Category: "contact.fax", EndedOn: "2024-03-01"}},
		"deregistered before the registration":     {events.TypePersonDeregistered, p.ID, events.PersonDeregistered{Person: p.ID, Unit: p.ID, EffectiveOn: "2024-01-31"}},
		"deregistered without a registration":      {events.TypePersonDeregistered, stranger, events.PersonDeregistered{Person: stranger, Unit: stranger, EffectiveOn: "2024-03-01"}},
		"corrected while registered":               {events.TypePersonCorrected, p.ID, events.PersonCorrected{Person: p.ID, Unit: p.ID, Event: "deregistered", EffectiveOn: "2024-03-01"}},
		"closed before it was opened":              {events.TypeCaseClosed, p.ID, events.CaseClosed{Person: p.ID, Case: c.ID, Share: c.Share, EffectiveOn: "2024-02-04"}},
		"closed, and never opened":                 {events.TypeCaseClosed, p.ID, events.CaseClosed{Person: p.ID, Case: stranger, Share: stranger, EffectiveOn: "2024-03-01"}},
		"reopened, and never opened":               {events.TypeCaseReopened, p.ID, events.CaseReopened{Person: p.ID, Case: stranger, Share: stranger, EffectiveOn: "2024-03-01"}},
		"opened, of a type that no notice names":   {events.TypeCaseOpened, p.ID, events.CaseOpened{Person: p.ID, Case: stranger, Share: stranger, File: stranger, CaseType: "weather"}},
		"noted in a case that nobody opened":       {events.TypeCaseNoted, p.ID, events.CaseNoted{Person: p.ID, Case: stranger, Share: stranger, Note: uuid.New()}},
		"adopted by a unit that nobody told of":    {events.TypeCaseAdopted, p.ID, events.CaseRecordAdopted{Person: p.ID, Record: stranger, FromUnit: c.Share, Unit: stranger, Case: stranger, Category: "case.note"}},
		"extended, what is no recording":           {events.TypeRecordingExtended, chat, events.RecordingExtended{Contact: chat, Unit: chat, Until: "2024-06-01", Reason: "complaint"}},
		"extended, and never recorded":             {events.TypeRecordingExtended, stranger, events.RecordingExtended{Contact: stranger, Unit: stranger, Until: "2024-06-01", Reason: "complaint"}},
		"withdrawn, what needs no consent":         {events.TypeContactWithdrawn, chat, events.ContactWithdrawn{Contact: chat, Unit: chat, WithdrawnOn: "2024-03-01"}},
		"withdrawn, and never recorded":            {events.TypeContactWithdrawn, stranger, events.ContactWithdrawn{Contact: stranger, Unit: stranger, WithdrawnOn: "2024-03-01"}},
		"joined a group that nobody created":       {events.TypeGroupJoined, stranger, events.GroupJoined{Group: stranger, Participant: stranger, Unit: stranger, JoinedOn: "2024-03-01"}},
		"a group at an authority that has none":    {events.TypeGroupCreated, stranger, events.GroupCreated{Group: stranger, StartOn: "2024-03-01"}},
		"a request that is received the day after": {events.TypeRequestReceived, stranger, events.RequestReceived{Request: stranger, Unit: stranger, ReceivedOn: "2024-03-11"}},
	} {
		if err := b.Try(event.kind, event.key, event.payload); !bus.Refused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if u := b.Unit(c.Share); !u.DueOn.IsZero() || !u.ClosedOn.IsZero() {
		t.Errorf("the share has got a date: %+v", u)
	}
	if u := b.Unit(chat); u.DueOn.String() != "2024-03-31" {
		t.Errorf("the chat goes on %s", u.DueOn)
	}
	if n := len(b.Units()); n != 3 {
		t.Errorf("%d units, expected identity, share and chat", n)
	}
}

func TestFiveMinutesAheadAreAClocksSkewAndNoMore(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	tomorrow := func() events.ContactRecorded {
		id := uuid.New()
		return events.ContactRecorded{Contact: id, Unit: id, Category: "contact.chat", EndedOn: "2024-03-11"}
	}
	if err := b.TryAt(testbed.At("2024-03-10 23:54"), events.TypeContactRecorded, uuid.New(), tomorrow()); !bus.Refused(err) {
		t.Errorf("six minutes ahead: %v", err)
	}
	if err := b.TryAt(testbed.At("2024-03-10 23:55"), events.TypeContactRecorded, uuid.New(), tomorrow()); err != nil {
		t.Errorf("five minutes ahead: %v", err)
	}
}

func TestADateThatIsPastWhenItBecomesKnownSaysWhy(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-05-01 12:00"))
	late, timely := b.Contact("contact.chat", "2024-03-01"), b.Contact("contact.chat", "2024-05-01")
	if u := b.Unit(late); u.OverdueBecause != "late-event" || u.DueOn.String() != "2024-03-31" {
		t.Errorf("%+v", u)
	}
	if u := b.Unit(timely); u.OverdueBecause != "" {
		t.Errorf("%+v", u)
	}
}
