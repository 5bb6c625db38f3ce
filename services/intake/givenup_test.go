package intake_test

import (
	"net/http"
	"testing"

	"gallra.se/events"
	"gallra.se/libs/outbox"
)

// givesUp has case-linker give its transport key up: in the database, as another instance of intake would have noted it.
func (w *world) givesUp() {
	w.t.Helper()
	must(w.t, outbox.Close(w.t.Context(), w.db, events.CaseLinker, w.linkerKeyID()))
	w.linkerKeys.Add(1)
}

// Whoever hands something in, or reads it, does not see that the key to which it was sealed is given up meanwhile: it is
// sealed to the next one, and nothing is sealed to the old one any more.
func TestWhatIsSealedToAKeyThatIsGivenUpIsSealedToTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(call)
	first := w.recorded()
	var noted events.ContactNoted
	w.next(events.TypeContactNoted, &noted)
	if first.KeyID != "case-linker-1" || noted.KeyID != first.KeyID {
		t.Fatalf("sealed to %s and %s", first.KeyID, noted.KeyID)
	}
	w.givesUp()
	if r := w.read(id); r.Status != http.StatusOK {
		t.Errorf("read: %d %v", r.Status, r.Body)
	}
	w.givesUp()
	if r := w.call("POST", "/v1/contacts/"+id+"/note", af, map[string]string{"Content-Type": "application/json"},
		`{"at":"2024-01-31T14:10:00+01:00","case":"CASE-77-42","text":"later","relevant":true}`); r.Status != http.StatusAccepted {
		t.Errorf("noted: %d %v", r.Status, r.Body)
	}
	w.next(events.TypeContactNoted, &noted)
	if noted.KeyID != "case-linker-3" {
		t.Errorf("noted under %s", noted.KeyID)
	}
	w.givesUp()
	w.accepted(line("call-1", "call-2"))
	if last := w.recorded(); last.KeyID != "case-linker-4" {
		t.Errorf("recorded under %s", last.KeyID)
	}
	var under int
	must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM outbox WHERE key_id = 'case-linker-1'`).Scan(&under))
	if under != 2 {
		t.Errorf("%d events under the first key", under)
	}
	w.settle()
	var units, rows int
	must(t, w.keys.QueryRow(t.Context(), `SELECT count(*) FROM key_unit WHERE page IS NOT NULL`).Scan(&units))
	must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM contact`).Scan(&rows))
	if units != rows {
		t.Errorf("%d keys for %d contacts", units, rows)
	}
}
