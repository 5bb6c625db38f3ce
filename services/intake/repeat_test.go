package intake_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/events"
)

func TestARepeatIsAnsweredAsTheFirstTimeAndOtherContentIsAConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.post(call)
	reordered := strings.Replace(strings.Replace(oneLine(call), `"id":"call-1",`, "", 1), `"relevant":true}}`, `"relevant":true},"id":"call-1"}`, 1)
	again := w.post(reordered)
	if again.Header.Get("Gallra-Duplicate") != "true" || again.Status != first.Status {
		t.Errorf("the repeat: %d %v", again.Status, again.Header)
	}
	if diff := cmp.Diff(first.Body, again.Body); diff != "" {
		t.Error(diff)
	}
	w.settle()
	before := w.rows()
	for what, edit := range map[string][]string{
		"a stored field": {"Anna", "Beda"}, "a dropped field": {"canary-words", "other-words"}, "the note": {"canary-note", "other-note"},
	} {
		if r := w.post(line(edit...)); r.Status != http.StatusConflict || r.Body["reason"] != "conflicting-duplicate" {
			t.Errorf("%s changed: %d %v", what, r.Status, r.Body)
		}
	}
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		t.Error(diff)
	}
	if r := w.post(line(af, "te-customer-service", `"phone"`, `"chat"`, "199001012385", "250777-9720")); r.Status != http.StatusCreated || r.Header.Get("Gallra-Duplicate") != "" {
		t.Errorf("the same id at another authority: %d %v", r.Status, r.Body)
	}
}

func TestOfManyWhoSendTheSameLineAtOnceOneIsFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run() // a second instance
	var group sync.WaitGroup
	var mu sync.Mutex
	ids, firsts := map[any]bool{}, 0
	for range 24 {
		group.Go(func() {
			r := w.post(call)
			mu.Lock()
			defer mu.Unlock()
			ids[r.Body["id"]] = true
			if r.Header.Get("Gallra-Duplicate") == "" {
				firsts++
			}
		})
	}
	group.Wait()
	if len(ids) != 1 || firsts != 1 {
		t.Fatalf("%d ids, %d first answers", len(ids), firsts)
	}
	var living int
	must(t, w.keys.QueryRow(t.Context(), `SELECT count(*) FROM key_unit WHERE page IS NOT NULL`).Scan(&living))
	if rows := w.rows(); rows["contact"] != 1 || rows["tombstone"] != 1 || living != 1 {
		t.Fatalf("%v, %d living keys", rows, living)
	}
}

// AFG-08: a contact that nobody can link would escape the protection of its person.
func TestWhatCannotBeSealedKeepsTheContactOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anonymous := []string{`"identified":true`, `"identified":false`}
	w.accepted(line(append(anonymous, "call-1", "call-0")...))
	w.next(events.TypeContactRecorded, &events.ContactRecorded{})
	w.settle()
	w.linkerAway()
	before := w.rows()
	for what, refused := range map[string]string{"a note": call, "somebody identified": line(`"relevant":true`, `"relevant":false`)} {
		if r := w.post(refused); r.Status != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", what, r.Status, r.Body)
		}
	}
	w.settle()
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		t.Error(diff)
	}
	w.accepted(line(append(anonymous, "call-1", "call-00")...))
	w.standInForCaseLinker()
	if r := w.post(call); r.Status != http.StatusCreated || r.Header.Get("Gallra-Duplicate") != "" {
		t.Errorf("afterwards: %d %v", r.Status, r.Body)
	}
}

func TestAFaultOnTheWayInLeavesNothingAndTheRepeatIsTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, table := range []string{"contact", "counter", "outbox"} {
		_, err := w.db.Exec(t.Context(), `CREATE FUNCTION fail_`+table+`() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
			CREATE TRIGGER fail BEFORE INSERT ON `+table+` FOR EACH ROW EXECUTE FUNCTION fail_`+table+`()`)
		must(t, err)
		if r := w.post(call); r.Status != http.StatusInternalServerError || r.Body["reason"] != "internal" {
			t.Errorf("%s fails: %d %v", table, r.Status, r.Body)
		}
		for name, n := range w.rows() {
			if n != 0 && (name == "contact" || name == "tombstone" || name == "counter" || name == "outbox") {
				t.Errorf("%s fails: %d rows in %s", table, n, name)
			}
		}
		_, err = w.db.Exec(t.Context(), `DROP TRIGGER fail ON `+table)
		must(t, err)
	}
	if r := w.post(call); r.Status != http.StatusCreated || r.Header.Get("Gallra-Duplicate") != "" {
		t.Errorf("afterwards: %d %v", r.Status, r.Header)
	}
	w.recorded()
	w.next(events.TypeContactNoted, &events.ContactNoted{})
}
