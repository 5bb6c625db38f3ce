package caselinker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/seal"
)

// as is what somebody gets who reads for a purpose.
func (w *world) as(c bearer.Claims, purpose, path string) answer {
	w.t.Helper()
	token, err := bearer.Sign(w.sign, c, clock.PaceNow(), time.Hour)
	w.must(err)
	r, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+path, nil)
	w.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Gallra-Purpose", purpose)
	return w.got(r)
}

func officer(name string, roles ...string) bearer.Claims {
	return bearer.Claims{Authority: af, Name: name, Roles: roles, Undertaking: true, Trained: true}
}

type loggedLine struct {
	Who, Role, Purpose, Action, Category, Outcome string
	Record                                        uuid.UUID
	Signs                                         []string
}

func (w *world) accessLog(person uuid.UUID) (lines []loggedLine) {
	w.t.Helper()
	var said struct{ Entries []loggedLine }
	a := w.as(officer("dpo", "dpo"), "rights", "/v1/persons/"+person.String()+"/access-log")
	w.must(json.Unmarshal([]byte(w.ok(a).body), &said))
	return said.Entries
}

// L-05, L-06, AFG-06, AFG-13, STH-20: every read is written down before it is answered, refusals too, and the person sees who it was.
func TestThePersonSeesWhoLookedAndWhoWasRefused(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person := w.ok(w.register("l1", "199001012385")).ID
	path := "/v1/persons/" + person.String()
	relative := officer("berta", "case-officer")
	relative.FamilyName, relative.Street = "kanarietva", "provgatan 2"
	unsigned := officer("ulla", "case-officer")
	unsigned.Undertaking = false
	w.ok(w.as(officer("olle", "case-officer"), "case-handling", path))
	for _, c := range []struct {
		who     bearer.Claims
		purpose string
		status  int
	}{
		{officer("olle", "case-officer"), "", http.StatusForbidden},
		{officer("olle", "case-officer"), "curiosity about Berit", http.StatusForbidden},
		{unsigned, "case-handling", http.StatusForbidden},
		{officer("telia", "processor"), "case-handling", http.StatusForbidden},
		{relative, "case-handling", http.StatusOK},
	} {
		if got := w.as(c.who, c.purpose, path); got.Status != c.status {
			t.Errorf("%s for %q: %d %s", c.who.Name, c.purpose, got.Status, got.body)
		}
	}
	other := officer("olle", "case-officer")
	other.Authority = "te-services"
	if got := w.as(other, "case-handling", path); got.Status != http.StatusNotFound {
		t.Errorf("another authority's officer gets %d", got.Status)
	}
	lines := w.accessLog(person)
	var told []string
	for _, l := range lines {
		told = append(told, l.Who+" "+l.Outcome+" "+l.Purpose+" "+strings.Join(l.Signs, ","))
		if l.Category != "person.identity" || l.Record != person || l.Action != "read" {
			t.Errorf("a line tells of %s %s %s", l.Action, l.Category, l.Record)
		}
	}
	got := strings.Join(told, "\n")
	for _, want := range []string{"olle given case-handling", "olle refused  ", "ulla refused case-handling", "telia refused case-handling", "berta given case-handling same-name,same-address"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing tells of %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "curiosity") {
		t.Error("a purpose that nobody declared is written down")
	}
	if n := w.sent(events.TypeAccessLogged); n < 7 {
		t.Errorf("%d accesses were told of", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE convert_from(payload, 'UTF8') ILIKE '%olle%' OR convert_from(payload, 'UTF8') ILIKE '%curiosity%'`); n != 0 {
		t.Errorf("%d events name who reads or repeat what was sent", n)
	}
}

// L-06, AFC-11: what is read at another holder comes sealed, once however often it is delivered, and goes with its record.
func TestAnAccessAtAnotherHolderIsKeptOnceAndGoesWithItsRecord(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person := w.ok(w.register("l1", "199001012385")).ID
	entry, nobodys := uuid.New(), uuid.New()
	contact := uuid.New()
	w.accessed(entry, contact, events.SealedAccess{Account: "olle", Role: "case-officer", NationalID: "199001012385"})
	w.accessed(entry, contact, events.SealedAccess{Account: "olle", Role: "case-officer", NationalID: "199001012385"})
	w.accessed(nobodys, contact, events.SealedAccess{Account: "olle", Role: "case-officer"})
	if n := w.count(`SELECT count(*) FROM access_entry WHERE record = $1`, contact); n != 2 {
		t.Fatalf("%d lines are kept, expected one about her and one about nobody", n)
	}
	if n := w.count(`SELECT count(*) FROM access_entry WHERE person = $1 AND category = 'contact.phone-log'`, person); n != 1 {
		t.Errorf("%d lines are about her", n)
	}
	w.tell("contact", outbox.Draft{Authority: af, Type: events.TypeRecordDisposed, Subject: contact.String(), Key: contact.String(),
		Data: events.RecordDisposed{Holder: "intake", RemovedAt: w.clock.Now(), UnrecoverableAt: w.clock.Now(), Units: []events.DisposedUnit{{Unit: contact,
			Rule: "AFC-10", Trigger: events.TriggerContactEnded, DueOn: "2023-05-01", DueAt: w.clock.Now(), PolicyVersion: "2021-01-01",
			Records: []events.DisposedRecord{{Record: contact, Category: "contact.phone-log"}}}}}})
	w.until("the line about nobody is gone", func() bool { return w.count(`SELECT count(*) FROM access_entry WHERE record = $1`, contact) == 1 })
}

// accessed tells as intake does that somebody read a contact.
func (w *world) accessed(entry, contact uuid.UUID, who events.SealedAccess) {
	w.t.Helper()
	public, keyID, err := w.keys.TransportKey(w.ctx, w.clock.Now())
	w.must(err)
	plain, err := json.Marshal(who)
	w.must(err)
	sealed, err := seal.Seal(public, events.AccessAAD(af, entry), plain)
	w.must(err)
	before := w.count(`SELECT count(*) FROM access_entry WHERE entry = $1`, entry)
	w.tell("contact", outbox.Draft{Authority: af, Type: events.TypeAccessLogged, Subject: contact.String(), Key: contact.String(),
		Data: events.AccessLogged{Entry: entry, Record: contact, Category: "contact.phone-log", Action: "read", Purpose: "call-question",
			Outcome: events.AccessGiven, At: w.clock.Now(), Sealed: sealed, KeyID: keyID}})
	if before == 0 {
		w.until("the line is kept", func() bool { return w.count(`SELECT count(*) FROM access_entry WHERE entry = $1`, entry) == 1 })
	}
}

// L-06: a week is reviewed once it is over, by itself; what was asked for and is not there is then forgotten.
func TestAWeekIsReviewedWhenItIsOver(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person := w.ok(w.register("l1", "199001012385")).ID
	relative := officer("berta", "case-officer")
	relative.FamilyName = "Kanarietva"
	w.ok(w.as(relative, "case-handling", "/v1/persons/"+person.String()))
	if got := w.as(officer("gissa", "case-officer"), "case-handling", "/v1/persons/"+uuid.NewString()); got.Status != http.StatusNotFound {
		t.Fatalf("somebody who is not there is answered %d", got.Status)
	}
	year, week := w.clock.Now().ISOWeek()
	path := "/v1/access-review?week=" + fmt.Sprintf("%04d-W%02d", year, week)
	for _, c := range []struct {
		who    bearer.Claims
		status int
	}{{officer("olle", "case-officer"), http.StatusForbidden}, {officer("dpo", "dpo"), http.StatusOK}} {
		if got := w.as(c.who, "supervision", path); got.Status != c.status {
			t.Errorf("%v see the review with %d", c.who.Roles, got.Status)
		}
	}
	if got := w.as(officer("dpo", "dpo"), "supervision", "/v1/access-review?week=Berit"); got.Status != http.StatusUnprocessableEntity || strings.Contains(got.body, "Berit") {
		t.Errorf("a week that is none is answered %d %s", got.Status, got.body)
	}
	w.clock.set(t, "2023-05-08T00:00:00+02:00") // Monday
	w.until("the week is reviewed", func() bool { return w.count(`SELECT count(*) FROM access_review`) == 1 })
	var said struct {
		Final    bool
		Officers []struct {
			Who   string
			Reads int
			Signs []string
		}
	}
	w.must(json.Unmarshal([]byte(w.ok(w.as(officer("dpo", "dpo"), "supervision", path)).body), &said))
	if !said.Final || len(said.Officers) != 2 || said.Officers[0].Who != "berta" || len(said.Officers[0].Signs) != 1 || said.Officers[0].Signs[0] != "same-name" {
		t.Errorf("the review says %+v", said)
	}
	if n := w.count(`SELECT count(*) FROM access_entry WHERE outcome = 'unknown'`); n != 0 {
		t.Errorf("%d guesses are remembered after their review", n)
	}
	if n := w.count(`SELECT count(*) FROM access_review WHERE findings::text LIKE '%berta%'`); n != 0 {
		t.Error("a kept review names somebody")
	}
}
