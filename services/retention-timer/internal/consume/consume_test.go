package consume_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

// want checks a unit's state, date and rule; "" is no date.
func want(t *testing.T, b *testbed.Bed, unit uuid.UUID, state, dueOn, rule string) {
	t.Helper()
	u := b.Unit(unit)
	if u.State != state || u.DueOn.String() != dueOn || u.Rule != rule {
		t.Errorf("unit is %s, due %q by %q; want %s, %q by %q", u.State, u.DueOn, u.Rule, state, dueOn, rule)
	}
}

func types(drafts []outbox.Draft) []string {
	var all []string
	for _, d := range drafts {
		all = append(all, d.Type)
	}
	return all
}

func TestAContactsClockStartsAndItsHolderIsTold(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.phone-log", "2024-01-31")
	want(t, b, id, store.Running, "2025-05-01", "AFC-10")
	told := b.Out.Take()
	if len(told) != 1 || told[0].Type != events.TypeClockStarted || told[0].Key != id.String() {
		t.Fatalf("told %v", types(told))
	}
	u := told[0].Data.(events.ClockStarted).Units[0]
	if u.Unit != id || u.DueOn != "2025-05-01" || !u.DueAt.Equal(testbed.At("2025-05-01 00:00")) || u.Trigger != "contact-ended" {
		t.Errorf("%+v", u)
	}
	b.ContactAs(id, "contact.phone-log", "2024-01-31")
	if again := b.Out.Take(); len(again) != 0 {
		t.Errorf("the second delivery told %v", types(again))
	}
}

func TestAnIdentifiedCallLeavesTwoLifetimes(t *testing.T) { // SC-02
	t.Parallel()
	b := testbed.New(t)
	berit := b.Registered("2023-05-02")
	r := berit.Open("2023-05-02")
	call := b.Contact("contact.phone-log", "2023-08-30")
	r.Note()
	want(t, b, berit.ID, store.Idle, "", "")
	berit.Deregister("2024-03-31")
	want(t, b, r.Share, store.Idle, "", "")
	r.Close("2024-03-31")
	want(t, b, call, store.Running, "2024-12-01", "AFC-10")
	want(t, b, berit.ID, store.Running, "2026-06-01", "AFC-13")
	want(t, b, r.Share, store.Running, "2026-06-01", "AFC-13")
}

func TestRegisteredAgainOnTheLastDay(t *testing.T) { // SC-08
	t.Parallel()
	b := testbed.New(t)
	frida := b.Registered("2021-10-04")
	caseA := frida.Open("2021-10-04")
	frida.Deregister("2022-05-16")
	caseA.Close("2022-05-16")
	want(t, b, frida.ID, store.Running, "2024-07-17", "AFC-13")
	want(t, b, caseA.Share, store.Running, "2024-07-17", "AFC-13")
	b.Out.Take()
	frida.Register("2024-07-16")
	told := b.Out.Take()
	if got := types(told); len(got) != 2 || got[0] != events.TypeClockCancelled || got[1] != events.TypeClockRecomputed {
		t.Fatalf("told %v", got)
	}
	want(t, b, frida.ID, store.Idle, "", "")
	want(t, b, caseA.Share, store.Running, "2025-05-16", "AFG-53")
	caseB := frida.Open("2024-07-16")
	frida.Deregister("2024-10-31")
	caseB.Close("2024-10-31")
	want(t, b, frida.ID, store.Running, "2027-01-01", "AFC-13")
	want(t, b, caseB.Share, store.Running, "2027-01-01", "AFC-13")
	want(t, b, caseA.Share, store.Running, "2025-05-16", "AFG-53")
}

func TestACaseClosedWhileRegisteredHasOnlyItsCeiling(t *testing.T) { // SC-10
	t.Parallel()
	b := testbed.New(t)
	hedda := b.Registered("2021-02-01")
	p := hedda.Open("2021-09-13")
	p.Close("2022-03-31")
	want(t, b, p.Share, store.Running, "2025-03-31", "AFG-53")
	want(t, b, hedda.ID, store.Idle, "", "")
}

func TestAReopenedCaseStartsAnewWithItsNextClosing(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	c.Close("2022-03-31")
	b.Out.Take()
	c.Reopen("2022-05-01")
	if got := types(b.Out.Take()); len(got) != 1 || got[0] != events.TypeClockCancelled {
		t.Errorf("told %v", got)
	}
	want(t, b, c.Share, store.Idle, "", "")
	c.Close("2023-01-31")
	want(t, b, c.Share, store.Running, "2026-01-31", "AFG-53")
}

func TestAnOpenCaseKeepsTheDateOfDeregistrationWhenTheIdentityIsGone(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	p.Deregister("2022-05-16")
	b.Disposed(events.CaseLinker, "AFC-13", "2024-07-17", p.ID)
	want(t, b, p.ID, store.Disposed, "2024-07-17", "AFC-13")
	c.Close("2024-07-16") // decided late, effective on the last day of the 26 months
	want(t, b, c.Share, store.Running, "2024-07-17", "AFC-13")
	c.Close("2024-09-30")
	want(t, b, c.Share, store.Running, "2027-09-30", "AFG-53")
}

func TestADisposalHeardBeforeTheRecordingLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := uuid.New()
	b.Disposed(events.Intake, "AFC-21", "2024-03-01", id)
	b.ContactAs(id, "contact.chat", "2024-01-31")
	want(t, b, id, store.Disposed, "2024-03-01", "AFC-21")
	if told := b.Out.Take(); len(told) != 0 {
		t.Errorf("told %v", types(told))
	}
}

func TestADisposalHeardTwiceIsCountedOnce(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	other := b.Contact("contact.chat", "2024-01-31")
	b.Disposed(events.Intake, "AFC-21", "2024-03-01", id)
	b.Disposed(events.Intake, "AFC-21", "2024-03-01", id, other)
	lines, err := store.Lines(t.Context(), b.DB, b.Now.Now())
	if err != nil || len(lines) != 1 || lines[0].Disposed != 2 || lines[0].Running != 0 {
		t.Errorf("%+v, %v", lines, err)
	}
}

func TestNothingOfAPersonIsLinkedOrKnownAfterDisposal(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	p.Deregister("2022-05-16")
	c.Close("2022-05-16")
	b.Disposed(events.CaseLinker, "AFC-13", "2024-07-17", p.ID, c.Share)
	var facts, linked, clocks int
	err := b.DB.QueryRow(t.Context(), `SELECT
		(SELECT count(*) FROM person_fact) + (SELECT count(*) FROM trail),
		(SELECT count(*) FROM unit WHERE person IS NOT NULL OR case_id IS NOT NULL OR key <> unit::text),
		(SELECT count(*) FROM clock)`).Scan(&facts, &linked, &clocks)
	if err != nil || facts+linked+clocks != 0 {
		t.Errorf("%d facts, %d linked units, %d clocks remain; %v", facts, linked, clocks, err)
	}
}

func TestADeclinedUnitRunsByItsNewDate(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	p.Deregister("2022-05-16")
	c.Close("2022-05-16")
	markDue(t, b, p.ID, c.Share)
	b.Now.Set(testbed.At("2024-07-17 00:00"))
	p.Register("2024-07-16")
	want(t, b, c.Share, store.Due, "2025-05-16", "AFG-53")
	b.Declined(events.CaseLinker, "registered", p.ID, c.Share)
	want(t, b, p.ID, store.Idle, "", "")
	want(t, b, c.Share, store.Running, "2025-05-16", "AFG-53")
	if u := b.Unit(c.Share); u.Declined != "registered" || !u.ClaimAt.Equal(u.DueAt) {
		t.Errorf("%+v", u)
	}
}

func TestAUnitDeclinedWithoutANewFactIsOfferedAgainTheNextMidnight(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	markDue(t, b, id)
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	b.Declined(events.Intake, "busy", id)
	if u := b.Unit(id); u.State != store.Running || u.DueOn.String() != "2024-03-01" || !u.ClaimAt.Equal(testbed.At("2024-03-02 00:00")) {
		t.Errorf("%s due %s claim %s", u.State, u.DueOn, u.ClaimAt)
	}
}

func markDue(t *testing.T, b *testbed.Bed, ids ...uuid.UUID) {
	t.Helper()
	if _, err := b.DB.Exec(t.Context(), `UPDATE unit SET state = 'due' WHERE unit = ANY($1)`, ids); err != nil {
		t.Fatal(err)
	}
}

func TestWhatNoPolicyKnowsIsRefusedForGood(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	for _, said := range []events.ContactRecorded{
		{Contact: uuid.New(), Unit: uuid.New(), Category: "contact.fax", EndedOn: "2024-01-31"},
		{Contact: uuid.New(), Unit: uuid.New(), Category: "contact.chat", EndedOn: "2024-02-30"},
	} {
		if err := b.Try(events.TypeContactRecorded, said.Contact, said); !bus.Refused(err) {
			t.Errorf("%+v: %v", said, err)
		}
	}
}

// TestContactsOfATransactionAreArmedTogether: some known already, one twice, one that is refused, one held before it came.
func TestContactsOfATransactionAreArmedTogether(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-03-10 12:00"))
	known := b.Contact("contact.chat", "2024-03-01")
	ids := []uuid.UUID{known, uuid.New(), uuid.New(), uuid.New()}
	held, refused := ids[3], uuid.New()
	said := []bus.Event{b.Event(events.TypeContactRecorded, refused, events.ContactRecorded{Contact: refused, Unit: refused, Category: "contact.chat", EndedOn: "2024-03-11"})}
	for _, id := range append(ids, ids[1]) {
		said = append(said, b.Event(events.TypeContactRecorded, id, events.ContactRecorded{Contact: id, Unit: id, Category: "contact.chat", EndedOn: "2024-03-02"}))
	}
	b.Tx(func(tx pgx.Tx) error {
		_, err := store.PlaceHold(t.Context(), tx, store.Hold{Authority: testbed.AF, ID: uuid.New(), Scope: "record", Target: held, Reason: "court",
			PlacedAt: b.Now.Now(), ReviewAt: b.Now.Now().AddDate(0, 1, 0)})
		return err
	})
	for i := range said {
		prepared, err := consume.Prepare()[said[i].Type](t.Context(), said[i])
		if err != nil {
			t.Fatal(err)
		}
		said[i].Prepared = prepared
	}
	b.Out.Take()
	b.Tx(func(tx pgx.Tx) error {
		if err := b.Desk.Together(t.Context(), tx, said); err != nil {
			return err
		}
		for _, ev := range said[1:] {
			if err := b.Desk.Handlers()[ev.Type](t.Context(), tx, ev); err != nil {
				return err
			}
		}
		return nil
	})
	if err := b.Try(said[0].Type, refused, events.ContactRecorded{Contact: refused, Unit: refused, Category: "contact.chat", EndedOn: "2024-03-11"}); !bus.Refused(err) {
		t.Errorf("the one from tomorrow: %v", err)
	}
	started, placed := 0, 0
	for _, letter := range b.Out.Take() {
		switch said := letter.Data.(type) {
		case events.ClockStarted:
			started += len(said.Units)
		case events.HoldPlaced:
			placed += len(said.Units)
		}
	}
	if started != 3 || placed != 1 || len(b.Units()) != 4 {
		t.Errorf("%d clocks started, %d holds told, %d units", started, placed, len(b.Units()))
	}
	if u := b.Unit(known); u.DueOn.String() != "2024-03-31" {
		t.Errorf("what was known goes on %s", u.DueOn)
	}
	if u := b.Unit(held); !u.Held || u.DueOn.String() != "2024-04-01" {
		t.Errorf("held %v, due %s", u.Held, u.DueOn)
	}
}
