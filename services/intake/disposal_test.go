package intake_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/seal"
)

// irrelevant is the call without anything for a case.
func irrelevant(edits ...string) string {
	return line(append(edits, `"relevant":true`, `"relevant":false`)...)
}

func (w *world) recorded() (c events.ContactRecorded) {
	w.t.Helper()
	w.next(events.TypeContactRecorded, &c)
	return c
}

func TestACallIsGoneAfterFifteenMonths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	c := w.recorded()
	due := w.due(c, "AFC-10", "2025-05-01", "2025-05-01T00:00:00+02:00")
	w.tell("retention", events.TypeClockStarted, id, events.ClockStarted{Holder: events.Intake, Units: []events.ClockUnit{
		{Unit: due.Unit, Rule: due.Rule, Trigger: due.Trigger, DueOn: due.DueOn, DueAt: due.DueAt}}})

	w.clock.set("2025-04-30T23:59:59+02:00")
	if r := w.read(id); r.Status != http.StatusOK || r.Body["due"] != "2025-05-01" {
		t.Errorf("the second before: %d %v", r.Status, r.Body)
	}
	w.clock.set("2025-05-01T00:00:00+02:00")
	if r := w.read(id); r.Status != http.StatusGone {
		t.Errorf("at midnight, retention-timer has said nothing: %d", r.Status)
	}

	w.tell("retention", events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	var gone events.RecordDisposed
	w.next(events.TypeRecordDisposed, &gone)
	if len(gone.Units) != 1 || gone.Holder != events.Intake || gone.UnrecoverableAt.Before(gone.RemovedAt) {
		t.Fatalf("disposed %+v", gone)
	}
	unit := gone.Units[0]
	if unit.Unit != c.Unit || unit.Rule != "AFC-10" || unit.DueOn != "2025-05-01" || unit.Trigger != events.TriggerContactEnded ||
		len(unit.Records) != 1 || unit.Records[0].Record.String() != id || unit.Records[0].Category != "contact.phone-log" || len(unit.Records[0].Commitment) != 32 {
		t.Errorf("disposed %+v", unit)
	}
	if _, err := w.ring.Unit(t.Context(), keyring.UnitRef{Authority: af, ID: c.Unit}); err == nil {
		t.Error("the key is still there")
	}
	if rows := w.rows(); rows["contact"] != 0 || rows["intent"] != 0 || rows["tombstone"] != 1 || rows["key_page"] != 1 { // the tombstone key's
		t.Errorf("left: %v", rows)
	}
	if r := w.read(id); r.Status != http.StatusGone {
		t.Errorf("afterwards: %d", r.Status)
	}
	if r := w.post(irrelevant()); r.Status != http.StatusCreated || r.Header.Get("Gallra-Duplicate") != "true" || r.Body["id"] != id {
		t.Errorf("the same line again: %d %v", r.Status, r.Body)
	}
	w.settle()
	if n := w.rows()["contact"]; n != 0 {
		t.Error("a repeat after the disposal was stored")
	}
}

func TestAClockThatIsCancelledOrMovedDecidesUntilWhenItIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	unit := w.recorded().Unit
	clockUnit := func(on, at string) []events.ClockUnit {
		return []events.ClockUnit{{Unit: unit, Rule: "AFC-10", Trigger: events.TriggerContactEnded, DueOn: on, DueAt: moment(at)}}
	}
	w.clock.set("2025-06-01T00:00:00+02:00")
	w.tell("retention", events.TypeClockStarted, id, events.ClockStarted{Holder: events.Intake, Units: clockUnit("2025-05-01", "2025-05-01T00:00:00+02:00")})
	if r := w.read(id); r.Status != http.StatusGone {
		t.Errorf("due: %d", r.Status)
	}
	w.tell("retention", events.TypeClockCancelled, id, events.ClockCancelled{Holder: events.Intake, Units: []events.CancelledUnit{{Unit: unit}}})
	if r := w.read(id); r.Status != http.StatusOK {
		t.Errorf("cancelled: %d", r.Status)
	}
	w.tell("retention", events.TypeClockRecomputed, id, events.ClockRecomputed{Holder: events.Intake, Units: clockUnit("2025-06-02", "2025-06-02T00:00:00+02:00")})
	if r := w.read(id); r.Status != http.StatusOK || r.Body["due"] != "2025-06-02" {
		t.Errorf("moved: %d %v", r.Status, r.Body)
	}
	w.tell("retention", events.TypeClockRecomputed, id, events.ClockRecomputed{Holder: events.CaseLinker, Units: clockUnit("2025-01-01", "2025-01-01T00:00:00+01:00")})
	if r := w.read(id); r.Status != http.StatusOK {
		t.Errorf("another holder's clock: %d", r.Status)
	}
}

func TestADisposalThatComesTooEarlyIsDeclined(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ now, on, at, reason string }{
		"the date lies ahead":               {"2025-04-30T23:59:59+02:00", "2025-05-01", "2025-05-01T00:00:00+02:00", "not-yet"},
		"the date is earlier than the rule": {"2025-05-01T00:00:00+02:00", "2025-04-30", "2025-04-30T00:00:00+02:00", "own-facts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.accepted(irrelevant())
			recorded := w.recorded()
			w.clock.set(c.now)
			w.tell("retention", events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{w.due(recorded, "AFC-10", c.on, c.at)}})
			var declined events.DisposalDeclined
			w.next(events.TypeDisposalDeclined, &declined)
			if len(declined.Units) != 1 || declined.Units[0].Unit != recorded.Unit || declined.Units[0].Reason != c.reason {
				t.Errorf("declined %+v", declined)
			}
			if r := w.read(id); r.Status != http.StatusOK {
				t.Errorf("read: %d", r.Status)
			}
		})
	}
}

func TestManyContactsOfADayGoTogetherAndTheOthersStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var units []events.DueUnit
	stays := ""
	for i := range 30 {
		id := w.accepted(irrelevant("call-1", uuid.NewString()))
		c := w.recorded()
		if i == 7 {
			stays = id
			continue
		}
		units = append(units, w.due(c, "AFC-10", "2025-05-01", "2025-05-01T00:00:00+02:00"))
	}
	w.clock.set("2025-05-01T00:00:00+02:00")
	w.tell("retention", events.TypeDisposalDue, "key", events.DisposalDue{Holder: events.Intake, Units: units})
	seen := map[uuid.UUID]bool{}
	for len(seen) < len(units) {
		var gone events.RecordDisposed
		w.next(events.TypeRecordDisposed, &gone)
		for _, u := range gone.Units {
			if seen[u.Unit] {
				t.Fatalf("unit %s is told of twice", u.Unit)
			}
			seen[u.Unit] = true
		}
	}
	if r := w.read(stays); r.Status != http.StatusOK {
		t.Errorf("the one that stays: %d", r.Status)
	}
}

func TestANoteWithoutACaseIsKeptWithItsContactAndSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(call)
	w.recorded()
	var noted events.ContactNoted
	w.next(events.TypeContactNoted, &noted)
	public, keyID, err := w.ring.TransportKey(t.Context(), w.clock.Now())
	must(t, err)
	box, err := seal.Seal(public, events.UnlinkedAAD(af, noted.Note), []byte(`{"case":"CASE-77-42","text":"canary-note"}`))
	must(t, err)
	w.tell("case", events.TypeContactUnlinked, id, events.ContactUnlinked{Contact: noted.Contact, Note: noted.Note,
		Reason: events.ReasonUnknownCase, Sealed: box, KeyID: keyID})
	r := w.read(id)
	if note, _ := r.Body["unlinkedNote"].(map[string]any); note["reason"] != "unknown-case" {
		t.Errorf("%v", r.Body)
	}
	var kept []byte
	must(t, w.db.QueryRow(t.Context(), `SELECT unlinked FROM contact`).Scan(&kept))
	if len(kept) == 0 || bytes.Contains(kept, []byte("canary")) {
		t.Error("the note is not kept, or not encrypted")
	}
	// Of a contact that is unknown or gone there is nothing to keep it with.
	w.tell("case", events.TypeContactUnlinked, id, events.ContactUnlinked{Contact: uuid.New(), Note: noted.Note, Reason: events.ReasonDisposedCase})
	w.tell("case", events.TypeContactLinked, id, events.ContactLinked{Contact: noted.Contact, Case: new(uuid.New()), Person: uuid.New(), Note: &noted.Note})
	if r := w.read(id); r.Body["linkedCase"] == nil {
		t.Errorf("%v", r.Body)
	}
}

func TestALaterNoteGoesToTheCaseAndIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	w.recorded()
	json := map[string]string{"Content-Type": "application/json"}
	path := "/v1/contacts/" + id + "/note"
	r := w.call("POST", path, af, json, `{"at":"2024-01-31T14:10:00+01:00","case":"CASE-77-42","text":"canary-note","relevant":true}`)
	var noted events.ContactNoted
	w.next(events.TypeContactNoted, &noted)
	if r.Status != http.StatusAccepted || r.Body["note"] != noted.Note.String() {
		t.Errorf("%d %v", r.Status, r.Body)
	}
	plain, err := seal.Open(w.linkerKey, events.NotedAAD(af, noted.Note), noted.Sealed)
	must(t, err)
	if !bytes.Contains(plain, []byte(`"nationalId":"199001012385"`)) {
		t.Error("the note does not say whose case it is")
	}
	for name, c := range map[string]struct {
		path, authority, body string
		status                int
	}{
		"irrelevant":        {path, af, `{"at":"2024-01-31T14:10:00+01:00","case":"C","text":"x","relevant":false}`, 202},
		"no case":           {path, af, `{"at":"2024-01-31T14:10:00+01:00","text":"x","relevant":true}`, 422},
		"a stranger":        {path, af, `{"at":"2024-01-31T14:10:00+01:00","mood":"x"}`, 422},
		"another authority": {path, "te-customer-service", `{"at":"2024-01-31T14:10:00+01:00","case":"C","text":"x","relevant":true}`, 404},
		"no such contact":   {"/v1/contacts/" + uuid.NewString() + "/note", af, `{"at":"2024-01-31T14:10:00+01:00","case":"C","text":"x","relevant":true}`, 404},
	} {
		if r := w.call("POST", c.path, c.authority, json, c.body); r.Status != c.status {
			t.Errorf("%s: %d %v", name, r.Status, r.Body)
		}
	}
}

func TestAReaderOfAnotherAuthoritySeesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	for name, r := range map[string]reply{
		"another authority": w.call("GET", "/v1/contacts/"+id, "te-customer-service", nil, ""),
		"unknown":           w.read(uuid.NewString()),
		"no id":             w.read("x"),
	} {
		if r.Status != http.StatusNotFound {
			t.Errorf("%s: %d", name, r.Status)
		}
	}
}

func TestAHeldContactIsReadableBeyondItsDayUntilTheLastHoldIsReleased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	c := w.recorded()
	other := w.accepted(irrelevant("call-1", "call-2"))
	due := w.due(c, "AFC-10", "2025-05-01", "2025-05-01T00:00:00+02:00")
	w.tell("retention", events.TypeClockStarted, id, events.ClockStarted{Holder: events.Intake, Units: []events.ClockUnit{
		{Unit: due.Unit, Rule: due.Rule, Trigger: due.Trigger, DueOn: due.DueOn, DueAt: due.DueAt},
		{Unit: w.recorded().Unit, Rule: due.Rule, Trigger: due.Trigger, DueOn: due.DueOn, DueAt: due.DueAt}}})
	complaint, court := uuid.New(), uuid.New()
	place := func(hold uuid.UUID, holder string) {
		t.Helper()
		w.tell("retention", events.TypeHoldPlaced, id, events.HoldPlaced{Hold: hold, Holder: holder, Units: []uuid.UUID{c.Unit, uuid.New()}, Reason: "complaint"})
	}
	release := func(hold uuid.UUID, holder string) {
		t.Helper()
		w.tell("retention", events.TypeHoldReleased, id, events.HoldReleased{Hold: hold, Holder: holder, Units: []uuid.UUID{c.Unit}, Reason: "complaint"})
	}
	reads := func(when string, status int) {
		t.Helper()
		if r := w.read(id); r.Status != status || status == http.StatusOK && r.Body["held"] != true {
			t.Errorf("%s: %d %v", when, r.Status, r.Body)
		}
	}
	place(complaint, events.Intake)
	w.clock.set("2025-05-01T00:00:00+02:00")
	reads("on the day, held", http.StatusOK)
	if r := w.read(other); r.Status != http.StatusGone {
		t.Errorf("the neighbour that nothing holds: %d", r.Status)
	}
	place(complaint, events.Intake) // delivered twice
	place(court, events.Intake)
	release(complaint, events.CaseLinker)
	release(court, events.Intake)
	reads("one hold of two released", http.StatusOK)
	release(complaint, events.Intake)
	release(complaint, events.Intake)
	reads("both released", http.StatusGone)
	place(court, events.CaseLinker)
	reads("held at another holder", http.StatusGone)

	// A disposal that is committed has the last word, and takes what holds left behind along.
	place(court, events.Intake)
	w.tell("retention", events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	w.next(events.TypeRecordDisposed, &events.RecordDisposed{})
	reads("disposed of", http.StatusGone)
	place(complaint, events.Intake) // too late
	if n := w.rows()["unit_hold"]; n != 0 {
		t.Errorf("%d holds are left", n)
	}
}

func TestAnUnlinkedNoteThatComesTooLateOrCannotBeOpenedIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	c := w.recorded()
	public, keyID, err := w.ring.TransportKey(t.Context(), w.clock.Now())
	must(t, err)
	note := uuid.New()
	box, err := seal.Seal(public, events.UnlinkedAAD(af, note), []byte("canary"))
	must(t, err)
	said := events.ContactUnlinked{Contact: c.Contact, Note: note, Reason: events.ReasonClosedCase, Sealed: box, KeyID: keyID}
	must(t, w.ring.Destroy(t.Context(), []keyring.UnitRef{{Authority: af, ID: c.Unit}})) // its row is still there
	w.tell("case", events.TypeContactUnlinked, id, said)
	var kept, parked int
	must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM contact WHERE unlinked IS NOT NULL OR unlinked_reason IS NOT NULL`).Scan(&kept))
	if kept != 0 {
		t.Error("a note is kept with a contact that has no key")
	}

	id = w.accepted(irrelevant("call-1", "call-2"))
	said.Contact = w.recorded().Contact
	said.Note = uuid.New() // not what was sealed
	w.publish("case", events.TypeContactUnlinked, id, said)
	for parked == 0 {
		must(t, clock.Sleep(t.Context(), time.Millisecond))
		must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM bus_parked WHERE reason NOT LIKE '%canary%'`).Scan(&parked))
	}
}
