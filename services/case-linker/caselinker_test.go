package caselinker_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

const berit = "199002102391"

// open registers Berit and opens a case for her.
func (w *world) open(number string) (person, caseID uuid.UUID) {
	w.t.Helper()
	person = w.ok(w.register("reg", berit)).ID
	return person, w.ok(w.line("/v1/cases", "open", "case.opened", map[string]any{"case": number, "type": "job-seeking", "persons": []string{berit}})).ID
}

func (w *world) end(on string) {
	w.t.Helper()
	w.ok(w.line("/v1/persons", "dereg", "person.deregistered", map[string]any{"nationalId": berit, "effective": on, "reason": "got-work"}))
	w.ok(w.line("/v1/cases", "close", "case.closed", map[string]any{"case": "AF-1", "effective": on, "reason": "got-work"}))
}

func (w *world) share() (share uuid.UUID) {
	w.t.Helper()
	w.must(w.db.QueryRow(w.ctx, `SELECT share FROM share`).Scan(&share))
	return share
}

func TestAPersonsRecordsGoOnceTheirTimeIsOver(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	note := w.note("AF-1", "kanarie-note can start in May", "2023-05-02T08:59:00+02:00")
	w.until("the note is in its case", func() bool { return w.status("/v1/notes/"+note.String()) == http.StatusOK })
	w.clock.set(t, "2024-03-31T15:00:00+02:00")
	w.end("2024-03-31")
	share := w.share()
	w.clock.set(t, "2026-05-31T23:59:00+02:00")
	if got := w.status("/v1/persons/" + person.String()); got != http.StatusOK {
		t.Fatalf("on the last day the person answers %d", got)
	}
	w.clock.set(t, "2026-06-01T00:00:00+02:00")
	if got := w.status("/v1/persons/" + person.String()); got != http.StatusGone {
		t.Fatalf("the day after, with nothing destroyed yet, the person answers %d", got)
	}
	w.due("AFC-13", "2026-06-01", person, share)
	w.until("everything is disposed of", func() bool { return w.sent("se.gallra.record.disposed.v1") == 1 })
	for _, path := range []string{"/v1/persons/" + person.String(), "/v1/cases/" + caseID.String(), "/v1/notes/" + note.String()} {
		if got := w.status(path); got != http.StatusGone {
			t.Errorf("%s answers %d, expected 410", path, got)
		}
	}
	if n := w.count(`SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM share) + (SELECT count(*) FROM note) + (SELECT count(*) FROM case_file) + (SELECT count(*) FROM intent)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if w.sent("se.gallra.statistics.separated.v1") != 1 || w.sent("se.gallra.statistics.recorded.v1") != 1 {
		t.Error("statistics was not told of the closing and of the separation")
	}
	if again := w.ok(w.register("reg-again", berit)); again.ID == person {
		t.Error("a registration after everything is gone is the old person")
	}
}

func TestAReregistrationThatRetentionTimerHasNotHeardOfIsNeverOvertaken(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	w.end("2022-05-16")
	share := w.share()
	w.clocked("2024-07-17", "2024-07-16T22:00:00Z", person, share)
	w.clock.set(t, "2024-07-16T23:59:00+02:00")
	if again := w.ok(w.register("again", berit)); again.ID != person {
		t.Fatal("a registration on the last day is another person")
	}
	w.clock.set(t, "2024-07-17T00:00:00+02:00")
	w.due("AFC-13", "2024-07-17", person, share)
	w.until("both are declined", func() bool { return w.sent("se.gallra.disposal.declined.v1") == 1 })
	if got := w.status("/v1/persons/" + person.String()); got != http.StatusOK {
		t.Errorf("the person answers %d", got)
	}
	if got := w.status("/v1/cases/" + caseID.String()); got != http.StatusOK {
		t.Errorf("the case answers %d although nothing of it is due", got)
	}
	w.clock.set(t, "2025-05-15T23:59:00+02:00")
	if got := w.status("/v1/cases/" + caseID.String()); got != http.StatusOK {
		t.Errorf("the case answers %d on its last day", got)
	}
	w.clock.set(t, "2025-05-16T00:00:00+02:00")
	if got := w.status("/v1/cases/" + caseID.String()); got != http.StatusGone {
		t.Errorf("the case answers %d from its ceiling on", got)
	}
}

func TestANoteWithoutAPlaceIsReportedAndNotStored(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, _ := w.open("AF-1")
	w.end("2023-05-02")
	share := w.share()
	w.note("AF-1", "kanarie-closed", "2023-05-02T09:00:00+02:00")
	w.note("AF-404", "kanarie-unknown", "2023-05-02T09:00:00+02:00")
	w.until("two are unlinked", func() bool { return w.sent("se.gallra.contact.unlinked.v1") == 2 })
	w.clock.set(t, "2025-07-03T00:00:00+02:00")
	w.due("AFC-13", "2025-07-03", person, share)
	w.until("the case is gone", func() bool { return w.sent("se.gallra.record.disposed.v1") == 1 })
	w.note("AF-1", "kanarie-disposed", "2025-07-03T00:00:00+02:00")
	w.until("the third is reported", func() bool { return w.sent("se.gallra.contact.unlinked.v1") == 3 })
	for _, reason := range []string{"closed-case", "unknown-case", "disposed-case"} {
		if n := w.count(`SELECT coalesce(sum(n), 0)::bigint FROM counter WHERE name = $1`, "unlinked/"+reason); n != 1 {
			t.Errorf("%s is counted %d times", reason, n)
		}
	}
	if n := w.count(`SELECT count(*) FROM note`); n != 0 {
		t.Errorf("%d notes are stored", n)
	}
}

func TestTheSameLineIsAnsweredAsTheFirstTimeAndAnotherUnderItsIDIsRefused(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	first := w.ok(w.register("reg", berit))
	again := w.ok(w.register("reg", berit))
	if !again.Duplicate || again.body != first.body {
		t.Errorf("the repeat is answered %v %s, the first was %s", again.Duplicate, again.body, first.body)
	}
	other := w.line("/v1/persons", "reg", "person.registered", map[string]any{"person": map[string]string{"nationalId": berit, "name": "Another"}})
	if other.Status != http.StatusConflict || other.Reason != "conflicting-duplicate" {
		t.Errorf("another content is answered %d %s", other.Status, other.Reason)
	}
	if n := w.sent("se.gallra.person.registered.v1"); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestARefusedLineNamesFieldAndReasonAndLeavesNothing(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person := map[string]string{"nationalId": berit, "name": "Berit Kanarietva"}
	for name, c := range map[string]struct {
		path, kind string
		keys       map[string]any
		status     int
		reason     string
	}{
		"no such kind":          {"/v1/persons", "person.vanished", nil, 422, "unknown-kind"},
		"no such authority":     {"/v1/persons", "person.registered", map[string]any{"authority": "ministry-of-magic", "person": person}, 422, "unknown-authority"},
		"another authority":     {"/v1/persons", "person.registered", map[string]any{"authority": "te-customer-service", "person": person}, 422, "unknown-kind"},
		"no person":             {"/v1/persons", "person.registered", nil, 422, "missing-field"},
		"wrong check digit":     {"/v1/persons", "person.registered", map[string]any{"person": map[string]string{"nationalId": "199002102392", "name": "B"}}, 422, "invalid-national-id"},
		"no test number":        {"/v1/persons", "person.registered", map[string]any{"person": map[string]string{"nationalId": "199002101237", "name": "B"}}, 422, "invalid-national-id"},
		"unknown field":         {"/v1/persons", "person.registered", map[string]any{"person": map[string]string{"nationalId": berit, "name": "B", "shoeSize": "43"}}, 422, "unknown-field"},
		"unknown key":           {"/v1/persons", "person.registered", map[string]any{"person": person, "mood": "x"}, 422, "unknown-field"},
		"control character":     {"/v1/persons", "person.registered", map[string]any{"person": map[string]string{"nationalId": berit, "name": "B\x00"}}, 422, "invalid-text"},
		"in the future":         {"/v1/persons", "person.registered", map[string]any{"person": person, "at": "2023-05-02T09:06:00+02:00"}, 422, "invalid-time"},
		"registered ahead":      {"/v1/persons", "person.registered", map[string]any{"person": person, "effective": "2023-05-03"}, 422, "invalid-time"},
		"no such day":           {"/v1/persons", "person.deregistered", map[string]any{"nationalId": berit, "effective": "2024-02-30", "reason": "x"}, 422, "invalid-time"},
		"before birth":          {"/v1/persons", "person.registered", map[string]any{"person": person, "at": "1989-05-02T09:06:00+02:00"}, 422, "invalid-national-id"},
		"prose for a reason":    {"/v1/cases", "case.closed", map[string]any{"case": "AF-1", "effective": "2023-05-02", "reason": "Berit fick jobb"}, 422, "invalid-field"},
		"unknown person":        {"/v1/persons", "person.deregistered", map[string]any{"nationalId": berit, "effective": "2023-05-02", "reason": "x"}, 422, "unknown-person"},
		"unknown case":          {"/v1/cases", "case.closed", map[string]any{"case": "AF-1", "effective": "2023-05-02", "reason": "x"}, 422, "unknown-case"},
		"case of a stranger":    {"/v1/cases", "case.opened", map[string]any{"case": "AF-1", "type": "job-seeking", "persons": []string{berit}}, 422, "unknown-person"},
		"unknown case type":     {"/v1/cases", "case.opened", map[string]any{"case": "AF-1", "type": "magic", "persons": []string{berit}}, 422, "invalid-field"},
		"a megabyte and a byte": {"/v1/cases", "case.closed", map[string]any{"case": strings.Repeat("x", 1<<20)}, 413, "too-large"},
	} {
		a := w.line(c.path, name, c.kind, c.keys)
		if a.Status != c.status || a.Reason != c.reason {
			t.Errorf("%s: answered %d %s (%s), expected %d %s", name, a.Status, a.Reason, a.Field, c.status, c.reason)
		}
		if strings.Contains(a.body, "Kanarie") || strings.Contains(a.body, berit) || strings.Contains(a.body, "Berit") {
			t.Errorf("%s: the answer echoes what was sent: %s", name, a.body)
		}
	}
	for name, c := range map[string]struct{ contentType, body, reason string }{
		"broken": {"application/json", `{"id": "x", "kind":`, "not-json"},
		"twice":  {"application/json", `{"id":"x","id":"y"}`, "not-json"},
		"half a letter": {"application/json", `{"id":"x","kind":"person.registered","at":"2023-05-02T09:00:00+02:00","authority":"arbetsformedlingen",
			"person":{"nationalId":"199002102391","name":"B\ud800"}}`, "invalid-text"},
		"xml":         {"text/xml", `<x/>`, "unsupported-media-type"},
		"other event": {"application/cloudevents+json", `{"specversion":"1.0","id":"1","source":"/x","type":"se.gallra.input.case.opened.v1","data":{"kind":"person.registered"}}`, "unknown-kind"},
	} {
		if a := w.call(http.MethodPost, "/v1/persons", c.contentType, []byte(c.body)); a.Reason != c.reason {
			t.Errorf("%s: answered %d %s", name, a.Status, a.Reason)
		}
	}
	if n := w.count(`SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM command) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM case_file)`); n != 0 {
		t.Errorf("%d rows are left by refused lines", n)
	}
}

func TestAClosedCaseCanBeReopenedUntilItsTimeIsOver(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	person, _ := w.open("AF-1")
	w.end("2022-05-16")
	w.ok(w.line("/v1/cases", "reopen", "case.reopened", map[string]any{"case": "AF-1", "effective": "2022-05-16", "reason": "new-facts"}))
	if w.sent("se.gallra.statistics.withdrawn.v1") != 1 {
		t.Error("the statistics row was not withdrawn")
	}
	share := w.share()
	w.clock.set(t, "2024-07-17T00:00:00+02:00")
	w.due("AFC-13", "2024-07-17", person, share)
	w.until("the identity goes and the open case stays", func() bool {
		return w.sent("se.gallra.record.disposed.v1") == 1 && w.sent("se.gallra.disposal.declined.v1") == 1
	})
	w.ok(w.line("/v1/cases", "close-2", "case.closed", map[string]any{"case": "AF-1", "effective": "2024-07-17", "reason": "x"}))
	w.clock.set(t, "2027-07-17T00:00:00+02:00")
	w.due("AFG-53", "2027-07-17", share)
	w.until("the case goes", func() bool { return w.sent("se.gallra.record.disposed.v1") == 2 })
	if a := w.line("/v1/cases", "reopen-2", "case.reopened", map[string]any{"case": "AF-1", "effective": "2027-07-17", "reason": "x"}); a.Status != http.StatusGone {
		t.Errorf("reopening what is disposed of is answered %d", a.Status)
	}
}

func TestAClosedCaseIsReadNoMoreAfterItsTimeAlsoWhenRetentionTimerSaysNothing(t *testing.T) {
	w := newWorld(t, "2025-04-02T09:00:00+02:00")
	w.actFor(sthlm)
	w.enrol(anna, "Anna Kanarie")
	caseID := w.opened("S-1", anna)
	note, draft, final := w.write(caseID, ""), w.write(caseID, "draft"), w.write(caseID, "final")
	w.closed("S-1", "2025-04-02")
	w.clock.set(t, "2025-04-02T23:59:59+02:00")
	w.answers("the day of the closing", http.StatusOK, note, draft, final, "/v1/cases/"+caseID.String())
	w.clock.set(t, "2025-04-03T00:00:00+02:00")
	w.answers("the day after", http.StatusGone, note, "/v1/cases/"+caseID.String())
	w.answers("the day after", http.StatusOK, draft, final)
	w.clock.set(t, "2025-04-07T00:00:00+02:00")
	w.answers("from Monday on", http.StatusGone, draft)
	w.answers("from Monday on", http.StatusOK, final)
}
