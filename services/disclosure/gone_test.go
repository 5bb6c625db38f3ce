package disclosure_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
)

func (w *world) identityDisposed(person uuid.UUID) {
	w.t.Helper()
	now := time.Date(2025, 5, 1, 8, 0, 0, 0, time.UTC)
	w.tell(events.TypeRecordDisposed, person, events.RecordDisposed{Holder: events.CaseLinker, RemovedAt: now, UnrecoverableAt: now,
		Units: []events.DisposedUnit{{Unit: person, Rule: "AFC-13", Trigger: events.TriggerDeregistered, DueOn: "2025-05-01", DueAt: now, PolicyVersion: "1",
			Records: []events.DisposedRecord{{Record: person, Category: "person.identity", Commitment: make([]byte, 32)}}}}})
}

func (w *world) count(where string) (n int) {
	w.t.Helper()
	if err := w.db.QueryRow(w.t.Context(), `SELECT count(*) FROM disclosure WHERE `+where).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestALineNamesNobodyOnceThePersonIsGone(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ask(request(anna, `["name"]`)) // goes out
	w.settle()
	w.kfm.set(true)
	w.ask(request(anna, `["name"]`)) // waits
	w.settle()
	person := w.persons[anna]
	other := uuid.New()
	w.identityDisposed(other)
	if n := w.count(`person IS NOT NULL`); n != 2 {
		t.Fatalf("%d lines name somebody after another's end, want 2", n)
	}
	w.dispose()
	w.identityDisposed(person)
	w.identityDisposed(person) // once more
	if n := w.count(`person IS NOT NULL AND state = 'waiting'`); n != 1 || w.count(`person IS NOT NULL`) != 1 {
		t.Errorf("%d lines name her and wait, %d name her", n, w.count(`person IS NOT NULL`))
	}
	w.advance(24 * time.Hour)
	if n := w.count(`person IS NOT NULL`); n != 0 {
		t.Errorf("%d lines name her when nothing waits any more", n)
	}
	if kinds, _ := w.entries(); !slices.Equal(kinds, []string{"disclosure.granted", "disclosure.delivered", "disclosure.granted", "disclosure.noData"}) {
		t.Errorf("the log is %v", kinds)
	}
}

// AFG-10
func TestALineAboutSomebodyProtectedStaysHiddenWhenThePersonIsGone(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ask(request(anna, `["name"]`))
	w.settle()
	person := w.protect()
	w.tell(events.TypeProtectionMarked, person, events.ProtectionMarked{Person: person})
	w.dispose()
	w.identityDisposed(person)
	w.as(olle)
	if kinds, _ := w.entries(); len(kinds) != 0 {
		t.Errorf("olle reads %v", kinds)
	}
	var marks int
	if err := w.db.QueryRow(t.Context(), `SELECT count(*) FROM protected_person`).Scan(&marks); err != nil || marks != 0 || w.count(`person IS NOT NULL`) != 0 {
		t.Errorf("%d marks are left, %d lines name her: %v", marks, w.count(`person IS NOT NULL`), err)
	}
}
