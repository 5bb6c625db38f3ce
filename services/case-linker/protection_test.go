package caselinker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/libs/seal"
)

// petra is appointed for protected persons.
var petra = bearer.Claims{Authority: af, Name: "petra", Roles: []string{"case-officer", "protected-officer"}, Appointed: true, Undertaking: true, Trained: true}

func (w *world) mark(number, level string) answer {
	w.t.Helper()
	return w.ask(petra, http.MethodPost, "/v1/protections", "", map[string]string{"nationalId": number, "level": level})
}

// from is the status that somebody gets for a path.
func (w *world) from(c bearer.Claims, path string) int {
	w.t.Helper()
	return w.as(c, "case-handling", path).Status
}

// AFG-08, AFG-10
func TestWhoeverIsNotAppointedLearnsNothingByTryingToMark(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	untrained, withoutUndertaking, withoutRole := petra, petra, petra
	untrained.Trained, withoutUndertaking.Undertaking, withoutRole.Roles = false, false, []string{"case-officer"}
	for name, c := range map[string]bearer.Claims{"an officer": olle, "the dpo": officer("d", "dpo"), "the role without appointment": officer("p", "protected-officer"),
		"appointed without the role": withoutRole, "appointed and untrained": untrained, "appointed without an undertaking": withoutUndertaking} {
		var answers []string
		for _, number := range []string{anna, bo, "no number"} {
			a := w.ask(c, http.MethodPost, "/v1/protections", "", map[string]string{"nationalId": number, "level": "marker"})
			answers = append(answers, fmt.Sprint(a.Status, a.body))
		}
		for _, call := range [][2]string{{http.MethodGet, ""}, {http.MethodDelete, ""}, {http.MethodPut, "/plans/SE-KFM"}} {
			for _, id := range []string{person.String(), uuid.NewString(), "x"} {
				a := w.ask(c, call[0], "/v1/protections/"+id+call[1], "", map[string]any{"fields": []string{}})
				answers = append(answers, fmt.Sprint(a.Status, a.body))
			}
		}
		for _, a := range answers {
			if a != answers[0] || !strings.HasPrefix(a, "403") || !strings.Contains(a, "AFG-10") {
				t.Errorf("%s: %s", name, a)
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM protected_person`); n != 0 {
		t.Errorf("%d marks are kept", n)
	}
}

// AFG-08
func TestABadMarkOrPlanLeavesNothing(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	for body, reason := range map[string]string{
		`{"nationalId":"` + anna + `","level":"secret"}`:                                  "invalid-field",
		`{"nationalId":"` + anna + `","level":"fiNonDisclosure"}`:                         "invalid-field", // Finland's
		`{"nationalId":"` + anna + `"}`:                                                   "invalid-field",
		`{"level":"marker"}`:                                                              "missing-field",
		`{"nationalId":"199001012386","level":"marker"}`:                                  "invalid-national-id",
		`{"nationalId":"` + bo + `","level":"marker"}`:                                    "not-found",
		`{"nationalId":"` + anna + `","level":"marker","at":"2024-01-10T09:00:00+01:00"}`: "invalid-time",
		`{"nationalId":"` + anna + `","level":"marker","at":"soon"}`:                      "invalid-time",
		`{"nationalId":"` + anna + `","level":"marker","newNumber":"199002102391"}`:       "unknown-field", // nothing leads from one number to another
		`{"nationalId":"` + anna + `","level":"marker","level":"assumed"}`:                "not-json",
		`{"nationalId":"` + anna + `","level":"` + strings.Repeat("x", 1<<20) + `"}`:      "too-large",
		"\xff": "not-json",
	} {
		if a := w.ask(petra, http.MethodPost, "/v1/protections", "", []byte(body)); a.Reason != reason {
			t.Errorf("%.80q: %d %s, want %s", body, a.Status, a.body, reason)
		}
	}
	if n := w.count(`SELECT count(*) FROM protected_person`) + w.sent(events.TypeProtectionMarked); n != 0 {
		t.Errorf("%d things are left", n)
	}
	plans := "/v1/protections/" + person.String() + "/plans/"
	if a := w.ask(petra, http.MethodPut, plans+"SE-KFM", "", map[string]any{"fields": []string{"name"}}); a.Status != http.StatusNotFound {
		t.Errorf("a plan for somebody who is not protected: %d", a.Status)
	}
	w.ok(w.mark(anna, "marker"))
	for path, fields := range map[string][]string{plans + "SE-UNLISTED": {"name"}, plans + "SE-KFM": {"health"}, plans + "..%2F": {"name"}} {
		if a := w.ask(petra, http.MethodPut, path, "", map[string]any{"fields": fields}); a.Status/100 == 2 {
			t.Errorf("%s %v: %d", path, fields, a.Status)
		}
	}
	if n := w.count(`SELECT count(*) FROM protection_plan`); n != 0 {
		t.Errorf("%d plans are kept", n)
	}
}

// AFG-08, AFG-10
func TestALateMarkHidesWhatAPersonHasAndALiftShowsItAgain(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	a, b, shared := w.couple()
	own := w.opened("AF-9", bo)
	note := w.ok(w.post("/v1/cases/"+shared.String()+"/notes", map[string]any{"text": "Bo alone", "about": []string{bo}})).Note
	theirs := []string{"/v1/persons/" + a.String(), "/v1/cases/" + shared.String(), "/v1/notes/" + note.String(),
		"/v1/notes/" + note.String() + "?person=" + b.String(), "/v1/persons/" + a.String() + "/cases"}
	others := []string{"/v1/persons/" + b.String(), "/v1/cases/" + own.String()}
	w.ok(w.mark(anna, "protectedRegistration"))
	if again := w.ok(w.mark(anna, "marker")); again.Status != http.StatusOK || !again.Duplicate || w.sent(events.TypeProtectionMarked) != 1 {
		t.Errorf("marked again: %+v", again)
	}
	for _, path := range theirs {
		if status := w.from(olle, path); status != http.StatusNotFound {
			t.Errorf("olle gets %d for %s", status, path)
		}
		if status := w.from(petra, path); status != http.StatusOK {
			t.Errorf("petra gets %d for %s", status, path)
		}
	}
	for _, path := range others {
		if status := w.from(olle, path); status != http.StatusOK {
			t.Errorf("olle gets %d for %s", status, path)
		}
	}
	if got := w.as(olle, "case-handling", "/v1/persons/"+b.String()+"/cases"); strings.Contains(got.body, shared.String()) || !strings.Contains(got.body, own.String()) {
		t.Errorf("the cases of somebody else: %s", got.body)
	}
	if _, f := w.search(olle, "case-handling", map[string]string{"nationalId": anna}); f.Count != 0 {
		t.Errorf("found %+v", f)
	}
	if _, f := w.search(petra, "case-handling", map[string]string{"nationalId": anna}); f.Count != 1 {
		t.Errorf("petra finds %+v", f)
	}
	if dump := w.dump(); strings.Contains(dump, "protectedRegistration") || strings.Contains(dump, `"level"`) {
		t.Error("the level stands in the clear")
	}
	entries := w.count(`SELECT count(*) FROM access_entry WHERE person = $1 AND outcome = 'refused'`, a)
	if entries == 0 {
		t.Error("the access log does not say that somebody tried")
	}
	if got := w.ask(petra, http.MethodDelete, "/v1/protections/"+a.String(), "", nil); got.Status != http.StatusNoContent {
		t.Fatalf("lift: %d %s", got.Status, got.body)
	}
	if got := w.ask(petra, http.MethodDelete, "/v1/protections/"+a.String(), "", nil); got.Status != http.StatusNotFound {
		t.Errorf("lifted twice: %d", got.Status)
	}
	for _, path := range theirs {
		if status := w.from(olle, path); status != http.StatusOK {
			t.Errorf("after the lift olle gets %d for %s", status, path)
		}
	}
}

// AFG-10
func TestARegistrationOfAProtectedPersonIsAnsweredAlike(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	w.ok(w.mark(anna, "assumed"))
	hidden, unknown := w.ok(w.register("again", anna)), w.ok(w.register("fresh", bo))
	if hidden.ID == person || strings.ReplaceAll(hidden.body, hidden.ID.String(), "") != strings.ReplaceAll(unknown.body, unknown.ID.String(), "") {
		t.Errorf("%s\n%s", hidden.body, unknown.body)
	}
	if got := w.from(olle, "/v1/persons/"+hidden.ID.String()); got != http.StatusNotFound {
		t.Errorf("the answer's id finds %d", got)
	}
	if got := w.register("again", anna); got.ID != hidden.ID || !got.Duplicate {
		t.Errorf("the same line again: %s", got.body)
	}
	if n := w.count(`SELECT count(*) FROM registration WHERE person = $1`, person); n != 1 {
		t.Errorf("%d registrations", n)
	}
	// An appointed officer hears that she is registered.
	line := map[string]any{"id": "petras", "kind": "person.registered", "at": "2024-01-09T09:00:00+01:00", "authority": af,
		"person": map[string]string{"nationalId": anna, "name": "Anna Kanarie"}}
	if got := w.ask(petra, http.MethodPost, "/v1/persons", "", line); got.Status != http.StatusConflict {
		t.Errorf("petra hears %d %s", got.Status, got.body)
	}
}

// AFG-10
func TestANoteOfSomebodyNotAppointedFindsNoCaseOfAProtectedPerson(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	w.enrol(anna, "Anna Kanarie")
	w.opened("AF-1", anna)
	w.ok(w.mark(anna, "marker"))
	w.noted(events.SealedNote{Case: "AF-1", Text: "prov"}, w.clock.Now())
	w.until("it goes back", func() bool { return w.sent(events.TypeContactUnlinked) == 1 })
	if reason := said[events.ContactUnlinked](w, events.TypeContactUnlinked)[0].Reason; reason != events.ReasonUnknownCase {
		t.Errorf("because %s", reason)
	}
	w.noted(events.SealedNote{Case: "AF-1", Text: "prov", Appointed: true}, w.clock.Now())
	w.until("it is stored", func() bool { return w.sent(events.TypeCaseNoted) == 1 })
}

// recorded says as intake does that there was a contact with somebody.
func (w *world) contactWith(number string) uuid.UUID {
	w.t.Helper()
	public, keyID, err := w.keys.TransportKey(w.ctx, w.clock.Now())
	w.must(err)
	contact := uuid.New()
	said := events.ContactRecorded{Contact: contact, Unit: uuid.New(), Category: "contact.phone-log", Channel: "phone", Identified: number != "",
		EndedAt: w.clock.Now(), EndedOn: "2024-01-09"}
	if number != "" {
		plain, err := json.Marshal(events.SealedIdentity{NationalID: number})
		w.must(err)
		said.Sealed, err = seal.Seal(public, events.RecordedAAD(af, contact), plain)
		w.must(err)
		said.KeyID = keyID
	}
	w.tell("contact", outbox.Draft{Authority: af, Type: events.TypeContactRecorded, Subject: contact.String(), Key: contact.String(), Data: said})
	return contact
}

// AFC-03
func TestAContactWithSomebodyRegisteredIsLinkedAndNoOther(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	w.contactWith("")
	w.contactWith(bo) // nobody registers him
	first, second := w.contactWith(anna), w.contactWith(anna)
	w.until("both are linked", func() bool { return w.sent(events.TypeContactLinked) == 2 })
	for _, e := range said[events.ContactLinked](w, events.TypeContactLinked) {
		if e.Person != person || e.Contact != first && e.Contact != second || e.Case != nil || e.Note != nil {
			t.Errorf("%+v", e)
		}
	}
}

// AFG-09
func TestARecipientGetsOfAProtectedPersonWhatBothHaveSigned(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	resolve := func(number string) (said struct {
		Found, Protected bool
		Person, Held     *uuid.UUID
		Fields           []string
	}) {
		question, err := json.Marshal(map[string]any{"authority": af, "nationalId": number, "recipient": "SE-KFM", "fields": []string{"name", "registrationDates"}})
		w.must(err)
		reply, err := w.nc.RequestMsgWithContext(w.ctx, bus.Question(w.ctx, "ask.case-linker.resolve", question))
		w.must(err)
		w.must(json.Unmarshal(reply.Data, &said))
		return said
	}
	disclose := func(fields ...string) string {
		question, err := json.Marshal(map[string]any{"authority": af, "person": person, "recipient": "SE-KFM", "fields": fields})
		w.must(err)
		reply, err := w.nc.RequestMsgWithContext(w.ctx, bus.Question(w.ctx, "ask.case-linker.disclose", question))
		w.must(err)
		return string(reply.Data)
	}
	if said := resolve(anna); !said.Found || said.Protected || *said.Person != person {
		t.Errorf("before the mark %+v", said)
	}
	w.ok(w.mark(anna, "marker"))
	if said := resolve(anna); said.Found || said.Person != nil || said.Held == nil || *said.Held != person {
		t.Errorf("without a plan %+v", said)
	}
	if reply := disclose("name"); strings.Contains(reply, "Kanarie") || !strings.Contains(reply, "not-found") {
		t.Errorf("a delivery that the mark overtook: %s", reply)
	}
	plans := "/v1/protections/" + person.String() + "/plans/SE-KFM"
	w.ok(w.ask(petra, http.MethodPut, plans, "", map[string]any{"fields": []string{"registrationDates"}}))
	if said := resolve(anna); !said.Found || !said.Protected || len(said.Fields) != 1 || said.Fields[0] != "registrationDates" {
		t.Errorf("with a plan %+v", said)
	}
	if reply := disclose("registrationDates"); !strings.Contains(reply, "2024-01-09") {
		t.Errorf("what was signed: %s", reply)
	}
	if reply := disclose("name", "registrationDates"); strings.Contains(reply, "Kanarie") {
		t.Errorf("more than what was signed: %s", reply)
	}
	if dump := w.dump(); strings.Contains(dump, "registrationDates") {
		t.Error("the fields of a plan stand in the clear")
	}
	w.ok(w.ask(petra, http.MethodPut, plans, "", map[string]any{"fields": []string{}}))
	if said := resolve(anna); said.Found {
		t.Errorf("after the plan was taken back %+v", said)
	}
	if said := resolve(bo); said.Found || said.Held != nil {
		t.Errorf("nobody: %+v", said)
	}
}

// AFG-10
func TestWhatIsLeftOfAProtectedPersonIsForTheAppointedToo(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	person := w.enrol(anna, "Anna Kanarie")
	caseID := w.opened("AF-1", anna)
	note := w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": "prov"})).Note
	other := w.enrol(bo, "Bo Prov")
	w.closed("AF-1", "2022-05-16")
	for _, number := range []string{anna, bo} {
		w.ok(w.line("/v1/persons", "dereg-"+number, "person.deregistered", map[string]any{"nationalId": number, "effective": "2022-05-16", "reason": "x"}))
	}
	w.ok(w.mark(anna, "marker"))
	share := w.shareOf(person, caseID)
	w.clock.set(t, "2025-05-16T00:00:00+02:00")
	w.due("AFC-13", "2024-07-17", person, share)
	w.due("AFC-13", "2024-07-17", other)
	w.until("all is gone", func() bool { return len(w.disposed()) == 3 })
	for _, path := range []string{"/v1/persons/" + person.String(), "/v1/cases/" + caseID.String(), "/v1/notes/" + note.String()} {
		if status := w.from(olle, path); status != http.StatusNotFound {
			t.Errorf("olle gets %d for %s", status, path)
		}
		if status := w.from(petra, path); status != http.StatusGone {
			t.Errorf("petra gets %d for %s", status, path)
		}
	}
	if status := w.from(olle, "/v1/persons/"+other.String()); status != http.StatusGone {
		t.Errorf("olle gets %d for somebody else", status)
	}
	for _, e := range said[events.RecordDisposed](w, events.TypeRecordDisposed) {
		for _, u := range e.Units {
			if (u.Audience == events.AudienceProtected) != (u.Unit != other) {
				t.Errorf("the audience of %s is %q", u.Unit, u.Audience)
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM protected_person`); n != 0 {
		t.Errorf("%d persons of whom nothing is left are still marked", n)
	}
}

// AFG-10: the appointed of another authority are not appointed here.
func TestAnotherAuthoritysAppointedOfficerKnowsNobodyHere(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	w.ok(w.mark(anna, "marker"))
	stranger := petra
	stranger.Authority = "stockholm-labour-market-board"
	for _, path := range []string{"/v1/persons/" + person.String(), "/v1/protections/" + person.String()} {
		if status := w.from(stranger, path); status != http.StatusNotFound {
			t.Errorf("%d for %s", status, path)
		}
	}
	if a := w.ask(stranger, http.MethodPost, "/v1/protections", "", map[string]string{"nationalId": anna, "level": "marker"}); a.Status != http.StatusNotFound {
		t.Errorf("mark: %d %s", a.Status, a.body)
	}
}
