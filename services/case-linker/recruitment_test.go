package caselinker_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
)

func (w *world) recruitment(number string) (caseID uuid.UUID) {
	w.t.Helper()
	return w.ok(w.line("/v1/cases", "open-"+number, "case.opened", map[string]any{"case": number, "type": "recruitment", "persons": []string{}})).ID
}

func (w *world) apply(caseID uuid.UUID, number, name string) answer {
	w.t.Helper()
	return w.post("/v1/cases/"+caseID.String()+"/persons", map[string]any{"person": map[string]string{"nationalId": number, "name": name}})
}

func applied(t *testing.T, a answer) (share uuid.UUID) {
	t.Helper()
	var said struct{ Share uuid.UUID }
	if err := json.Unmarshal([]byte(a.body), &said); err != nil {
		t.Fatal(err)
	}
	return said.Share
}

func TestARecruitmentBeginsWithNobodyAndEachApplicantHasAShare(t *testing.T) {
	w := newWorld(t, "2024-02-12T09:00:00+01:00")
	caseID := w.recruitment("R-1")
	first := w.ok(w.apply(caseID, anna, "Anna Kanarie"))
	if again := w.ok(w.apply(caseID, "900101-2385", "Anna K.")); !again.Duplicate || applied(t, again) != applied(t, first) {
		t.Errorf("who applies twice is answered %v", again)
	}
	w.ok(w.apply(caseID, bo, "Bo Åkerprov"))
	other := w.recruitment("R-2")
	if elsewhere := w.ok(w.apply(other, anna, "Anna Kanarie")); elsewhere.Duplicate || applied(t, elsewhere) == applied(t, first) {
		t.Error("an application elsewhere is the same one")
	}
	if got := w.line("/v1/persons", "dereg", "person.deregistered", map[string]any{"nationalId": anna, "effective": "2024-02-12", "reason": "x"}); got.Reason != "unknown-person" {
		t.Errorf("an applicant is found by number: %d %s", got.Status, got.Reason)
	}
	note := w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": "Anna Kanarie was best, then Bo", "final": true})).Note
	if v := w.read("/v1/notes/" + note.String()); len(v.Persons) != 2 || v.Category != "case.document" {
		t.Errorf("%+v", v)
	}
	nobodys := w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": "advertised again"})).Note
	if v := w.read("/v1/notes/" + nobodys.String()); len(v.Persons) != 1 || v.Text != "advertised again" {
		t.Errorf("%+v", v)
	}
	if n := w.count(`SELECT count(*) FROM note JOIN share USING (authority, share) WHERE note = $1 AND kind = 'case'`, nobodys); n != 1 {
		t.Error("what is about no applicant lies with one")
	}
	w.ok(w.line("/v1/cases", "close", "case.closed", map[string]any{"case": "R-1", "effective": "2024-05-31", "reason": "appointed"}))
	if got := w.apply(caseID, number(3), "C"); got.Status != http.StatusConflict {
		t.Errorf("who applies too late is answered %d", got.Status)
	}
	if opened, closed := w.sent(events.TypeCaseOpened), w.sent(events.TypeCaseClosed); opened != 5 || closed != 3 || w.sent(events.TypeStatisticsRecorded) != 0 {
		t.Errorf("%d shares opened, %d closed", opened, closed)
	}
	var shares []uuid.UUID
	for _, e := range said[events.CaseClosed](w, events.TypeCaseClosed) {
		shares = append(shares, e.Share)
	}
	w.clock.set(t, "2026-05-31T00:00:00+02:00")
	w.due("AFG-42", "2026-05-31", shares...)
	w.until("the day before is declined", func() bool { return w.sent(events.TypeDisposalDeclined) == 3 })
	w.clock.set(t, "2026-06-01T00:00:00+02:00")
	if n := w.count(`SELECT count(*) FROM access_entry`); n == 0 {
		t.Error("nobody is written down to have read the notes")
	}
	w.due("AFG-42", "2026-06-01", shares...)
	w.until("all is gone", func() bool { return len(w.disposed()) == 3 })
	if n := w.count(`SELECT count(*) FROM access_entry`); n != 0 {
		t.Errorf("%d lines say who read about applicants of whom nothing is left", n)
	}
	if got := w.status("/v1/cases/" + caseID.String()); got != http.StatusGone {
		t.Errorf("the case answers %d", got)
	}
	if got := w.apply(caseID, bo, "Bo"); got.Status != http.StatusGone {
		t.Errorf("who applies to what is gone is answered %d", got.Status)
	}
}

func TestAnApplicationThatIsNotPossibleSaysWhy(t *testing.T) {
	w := newWorld(t, "2024-02-12T09:00:00+01:00")
	caseID := w.recruitment("R-1")
	w.enrol(bo, "Bo Åkerprov")
	for name, c := range map[string]struct {
		got    answer
		status int
		reason string
	}{
		"no test number":    {w.apply(caseID, "199002101237", "A"), 422, "invalid-national-id"},
		"no name":           {w.apply(caseID, anna, ""), 422, "missing-field"},
		"an unknown case":   {w.apply(uuid.New(), anna, "A"), 404, "not-found"},
		"no recruitment":    {w.apply(w.opened("AF-1", bo), anna, "A"), 409, "conflict"},
		"a case of nobody":  {w.line("/v1/cases", "nobody", "case.opened", map[string]any{"case": "AF-2", "type": "job-seeking", "persons": []string{}}), 422, "missing-field"},
		"a field of no use": {w.post("/v1/cases/"+caseID.String()+"/persons", map[string]any{"person": map[string]string{"address": "x"}}), 422, "unknown-field"},
	} {
		if c.got.Status != c.status || c.got.Reason != c.reason {
			t.Errorf("%s: %d %s", name, c.got.Status, c.got.body)
		}
	}
}

func TestTheSameApplicationTwiceAtOnceMakesOneShare(t *testing.T) {
	w := newWorld(t, "2024-02-12T09:00:00+01:00")
	caseID := w.recruitment("R-1")
	var all sync.WaitGroup
	for range 6 {
		here := *w
		all.Go(func() { here.apply(caseID, anna, "Anna Kanarie") })
	}
	all.Wait()
	if n := w.count(`SELECT count(*) FROM share WHERE kind = 'applicant'`); n != 1 || w.sent(events.TypeCaseOpened) != 2 {
		t.Errorf("%d shares", n)
	}
}

func TestNoOfficerDeletesAndTheRuleIsCited(t *testing.T) {
	w := newWorld(t, "2024-02-12T09:00:00+01:00")
	recruitment := w.recruitment("R-1")
	w.enrol(anna, "Anna Kanarie")
	job := w.opened("AF-1", anna)
	write := func(caseID uuid.UUID, final bool) string {
		t.Helper()
		return "/v1/notes/" + w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": "x", "final": final})).Note.String()
	}
	paper, note, document := write(recruitment, true), write(job, false), write(job, true)
	refused := func(when string, rules map[string]string) {
		t.Helper()
		for path, rule := range rules {
			got := w.call(http.MethodDelete, path, "", nil)
			var p struct{ Rule string }
			w.must(json.Unmarshal([]byte(got.body), &p))
			if got.Status != http.StatusConflict || p.Rule != rule || w.status(path) != http.StatusOK {
				t.Errorf("%s: %s is answered %d %s, expected 409 %s", when, path, got.Status, got.body, rule)
			}
		}
	}
	refused("open", map[string]string{paper: "AFG-42", "/v1/cases/" + recruitment.String(): "AFG-42", note: "AFC-13", document: "AFG-52", "/v1/cases/" + job.String(): "AFC-13"})
	w.closed("R-1", "2024-02-12")
	w.closed("AF-1", "2024-02-12")
	refused("closed", map[string]string{paper: "AFG-42", "/v1/cases/" + recruitment.String(): "AFG-42", note: "AFG-53", document: "AFG-52"})
	for _, path := range []string{"/v1/notes/" + uuid.NewString(), "/v1/cases/" + uuid.NewString(), "/v1/notes/x"} {
		if got := w.call(http.MethodDelete, path, "", nil); got.Status != http.StatusNotFound {
			t.Errorf("%s is answered %d", path, got.Status)
		}
	}
}
