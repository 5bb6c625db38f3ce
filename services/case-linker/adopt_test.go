package caselinker_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
)

// opened opens one more case.
func (w *world) opened(number string, persons ...string) uuid.UUID {
	w.t.Helper()
	return w.ok(w.line("/v1/cases", "open-"+number, "case.opened", map[string]any{"case": number, "type": "job-seeking", "persons": persons})).ID
}

func (w *world) closed(number, on string) {
	w.t.Helper()
	w.ok(w.line("/v1/cases", "close-"+number+on, "case.closed", map[string]any{"case": number, "effective": on, "reason": "x"}))
}

func TestAnAdoptedNoteOutlivesItsOldCase(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	a, b, old := w.couple()
	note := w.ok(w.post("/v1/cases/"+old.String()+"/notes", map[string]any{"text": "Anna Kanarie and Bo"})).Note
	w.closed("AF-1", "2022-05-16")
	w.clock.set(t, "2024-07-16T16:50:00+02:00")
	fresh := w.opened("AF-2", anna, bo)
	path := "/v1/cases/" + fresh.String() + "/adopt"
	body := map[string]any{"record": note, "reason": "needed for the plan of Anna and Bo"}
	if got := w.ok(w.post(path, body)); got.Duplicate {
		t.Error("the first adoption is told to be a repeat")
	}
	if got := w.ok(w.post(path, body)); !got.Duplicate {
		t.Error("the second adoption is not told to be a repeat")
	}
	told := said[events.CaseRecordAdopted](w, events.TypeCaseAdopted)
	if len(told) != 2 {
		t.Fatalf("told %d times", len(told))
	}
	for _, e := range told {
		if e.Record != note || e.FromUnit != w.shareOf(e.Person, old) || e.Unit != w.shareOf(e.Person, fresh) || e.Case != fresh || e.Category != "case.note" {
			t.Errorf("told %+v", e)
		}
	}
	w.clock.set(t, "2025-05-16T00:00:00+02:00")
	w.due("AFG-53", "2025-05-16", w.shareOf(a, old))
	w.due("AFG-53", "2025-05-16", w.shareOf(b, old))
	w.until("the old case is gone", func() bool { return len(w.disposed()) == 2 })
	if v := w.read("/v1/notes/" + note.String()); v.Case != fresh || v.Text != "Anna Kanarie and Bo" || len(v.Flags) != 0 ||
		v.Reason != "needed for the plan of Anna and [person 2]" && v.Reason != "needed for the plan of [person 1] and Bo" &&
			v.Reason != "needed for the plan of Anna and [person 1]" && v.Reason != "needed for the plan of [person 2] and Bo" {
		t.Errorf("%+v", v)
	}
	for _, d := range said[events.RecordDisposed](w, events.TypeRecordDisposed) {
		for _, u := range d.Units {
			if slices.ContainsFunc(u.Records, func(r events.DisposedRecord) bool { return r.Record == note }) {
				t.Error("the old case's receipts name the note")
			}
		}
	}
	w.due("AFG-53", "2025-05-16", w.shareOf(a, fresh))
	w.until("its new share is declined", func() bool { return w.sent(events.TypeDisposalDeclined) == 1 })
}

func TestAnAdoptionThatIsNotPossibleSaysWhy(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	a, b, both := w.couple()
	annas := w.opened("AF-2", anna)
	shared := w.ok(w.post("/v1/cases/"+both.String()+"/notes", map[string]any{"text": "x"})).Note
	single := w.ok(w.post("/v1/cases/"+both.String()+"/notes", map[string]any{"text": "x", "about": []string{anna}})).Note
	bos := w.opened("AF-3", bo)
	w.closed("AF-3", "2023-05-02")
	adopt := func(record any, into uuid.UUID, reason string) answer {
		t.Helper()
		return w.post("/v1/cases/"+into.String()+"/adopt", map[string]any{"record": record, "reason": reason})
	}
	for name, c := range map[string]struct {
		got    answer
		status int
		reason string
	}{
		"no reason":             {adopt(single, annas, ""), 422, "missing-field"},
		"somebody else's too":   {adopt(shared, annas, "x"), 422, "invalid-field"},
		"somebody else's":       {adopt(single, w.opened("AF-4", bo), "x"), 422, "invalid-field"},
		"an unknown note":       {adopt(uuid.New(), annas, "x"), 404, "not-found"},
		"no note at all":        {adopt("x", annas, "x"), 404, "not-found"},
		"an unknown case":       {adopt(single, uuid.New(), "x"), 404, "not-found"},
		"a closed case":         {adopt(shared, bos, "x"), 409, "conflict"},
		"a field there is none": {w.post("/v1/cases/"+annas.String()+"/adopt", map[string]any{"note": single}), 422, "unknown-field"},
	} {
		if c.got.Status != c.status || c.got.Reason != c.reason {
			t.Errorf("%s: %d %s", name, c.got.Status, c.got.body)
		}
	}
	if n := w.sent(events.TypeCaseAdopted); n != 0 {
		t.Errorf("%d adoptions are told of", n)
	}
	w.closed("AF-1", "2023-05-02")
	w.clock.set(t, "2026-05-02T00:00:00+02:00")
	w.due("AFG-53", "2026-05-02", w.shareOf(a, both))
	w.due("AFG-53", "2026-05-02", w.shareOf(b, both))
	w.until("the case is gone", func() bool { return len(w.disposed()) == 2 })
	if got := adopt(single, annas, "x"); got.Status != http.StatusGone {
		t.Errorf("what is gone is answered %d", got.Status)
	}
}

func TestOfAnAdoptionAndADisposalAtTheSameTimeOneWins(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	old, fresh := w.opened("AF-1", anna), w.opened("AF-2", anna)
	var notes []uuid.UUID
	for range 8 {
		notes = append(notes, w.ok(w.post("/v1/cases/"+old.String()+"/notes", map[string]any{"text": "x"})).Note)
	}
	w.closed("AF-1", "2023-05-02")
	var share uuid.UUID
	w.must(w.db.QueryRow(w.ctx, `SELECT share FROM share WHERE case_id = $1`, old).Scan(&share))
	w.clock.set(t, "2026-05-02T00:00:00+02:00")
	answers := make([]answer, len(notes))
	var all sync.WaitGroup
	for i, note := range notes {
		here := *w
		all.Go(func() {
			answers[i] = here.post("/v1/cases/"+fresh.String()+"/adopt", map[string]any{"record": note, "reason": "x"})
		})
	}
	w.due("AFG-53", "2026-05-02", share)
	all.Wait()
	w.until("the old share is gone", func() bool { return len(w.disposed()) == 1 })
	moved, receipts := 0, 0
	for i, note := range notes {
		switch got := w.status("/v1/notes/" + note.String()); {
		case answers[i].Status == http.StatusOK && got == http.StatusOK:
			moved++
		case answers[i].Status == http.StatusGone && got == http.StatusGone:
		default:
			t.Errorf("the adoption was answered %d, and the note answers %d", answers[i].Status, got)
		}
	}
	for _, d := range said[events.RecordDisposed](w, events.TypeRecordDisposed) {
		for _, u := range d.Units {
			receipts += len(u.Records)
		}
	}
	if told := w.sent(events.TypeCaseAdopted); told != moved || receipts != len(notes)-moved+1 { // the file
		t.Errorf("%d moved, %d are told of, %d records are gone", moved, told, receipts)
	}
}
