package caselinker_test

import (
	"net/http"
	"testing"

	"gallra.se/events"
)

func (w *world) correct(id, on string) answer {
	w.t.Helper()
	return w.line("/v1/persons", id, "person.corrected", map[string]any{"nationalId": berit, "event": "deregistered", "effective": on, "reason": "wrong-day"})
}

func TestACorrectedDayCountsForThePersonAndTheClosedCase(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	w.end("2022-05-16")
	share := w.share()
	w.clocked("2024-07-17", "2024-07-16T22:00:00Z", person, share)
	if got := w.ok(w.correct("longer", "2022-06-30")); got.ID != person {
		t.Error("the correction is of another person")
	}
	if again := w.ok(w.correct("longer", "2022-06-30")); !again.Duplicate {
		t.Error("the repeat is carried out again")
	}
	told := said[events.PersonCorrected](w, events.TypePersonCorrected)
	if len(told) != 1 || told[0].Person != person || told[0].EffectiveOn != "2022-06-30" || told[0].Event != "deregistered" || told[0].Reason != "wrong-day" {
		t.Errorf("told %+v", told)
	}
	if n := w.count(`SELECT count(*) FROM registration WHERE until_on = '2022-06-30'`); n != 1 {
		t.Error("the spell of registration does not follow")
	}
	w.clock.set(t, "2024-07-17T00:00:00+02:00")
	w.due("AFC-13", "2024-07-17", person, share)
	w.until("the old date is declined", func() bool { return w.sent(events.TypeDisposalDeclined) == 1 })
	paths := []string{"/v1/persons/" + person.String(), "/v1/cases/" + caseID.String()}
	w.clock.set(t, "2024-08-30T23:59:00+02:00")
	for _, path := range paths {
		if got := w.status(path); got != http.StatusOK {
			t.Errorf("%s answers %d on the last day", path, got)
		}
	}
	w.clock.set(t, "2024-08-31T00:00:00+02:00")
	for _, path := range paths {
		if got := w.status(path); got != http.StatusGone {
			t.Errorf("%s answers %d the day after", path, got)
		}
	}
	if got := w.correct("too-late", "2022-08-31"); got.Status != 422 || got.Reason != "unknown-person" {
		t.Errorf("a correction brings somebody back: %d %s", got.Status, got.Reason)
	}
}

func TestACorrectionThatIsNotPossibleSaysWhy(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	w.open("AF-1")
	if got := w.correct("registered", "2022-05-16"); got.Status != http.StatusConflict {
		t.Errorf("who is registered is corrected: %d", got.Status)
	}
	w.end("2022-05-16")
	keys := func(without string, with map[string]any) map[string]any {
		all := map[string]any{"nationalId": berit, "event": "deregistered", "effective": "2022-05-16", "reason": "x"}
		delete(all, without)
		for k, v := range with {
			all[k] = v
		}
		return all
	}
	for name, c := range map[string]struct {
		keys          map[string]any
		reason, field string
	}{
		"no reason":               {keys("reason", nil), "missing-field", "reason"},
		"no day":                  {keys("effective", nil), "missing-field", "effective"},
		"another event":           {keys("", map[string]any{"event": "registered"}), "invalid-field", "event"},
		"before it began":         {keys("", map[string]any{"effective": "2022-05-15"}), "invalid-time", "effective"},
		"a stranger":              {keys("", map[string]any{"nationalId": anna}), "unknown-person", ""},
		"prose instead of a code": {keys("", map[string]any{"reason": "Berit was ill"}), "invalid-field", "reason"},
	} {
		if got := w.line("/v1/persons", name, "person.corrected", c.keys); got.Status != 422 || got.Reason != c.reason || got.Field != c.field {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	w.ok(w.register("again", berit))
	if got := w.correct("again registered", "2022-05-16"); got.Status != http.StatusConflict {
		t.Errorf("who is registered again is corrected: %d", got.Status)
	}
}

func TestACorrectionToAnEarlierDayActsAtOnce(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	w.clock.set(t, "2024-08-01T09:00:00+02:00")
	w.ok(w.line("/v1/cases", "close", "case.closed", map[string]any{"case": "AF-1", "effective": "2022-05-16", "reason": "got-work"}))
	w.ok(w.line("/v1/persons", "dereg", "person.deregistered", map[string]any{"nationalId": berit, "effective": "2024-07-31", "reason": "got-work"}))
	paths := []string{"/v1/persons/" + person.String(), "/v1/cases/" + caseID.String()}
	w.answers("before", http.StatusOK, paths...)
	w.ok(w.correct("earlier", "2022-05-16"))
	w.answers("26 months after the day that it really was", http.StatusGone, paths...)
}
