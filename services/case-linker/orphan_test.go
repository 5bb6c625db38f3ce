package caselinker_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/services/case-linker/internal/store"
)

// lose leaves a key and a look-up entry without a row, as a crash in the midst of a registration does.
func (w *world) lose(number string) (person uuid.UUID) {
	w.t.Helper()
	ref := keyring.UnitRef{Authority: af, ID: uuid.New()}
	_, err := w.keys.NewUnit(w.ctx, ref, keyring.Shared("person"))
	w.must(err)
	_, err = w.keys.Enter(w.ctx, "national-id", ref, ref.ID, []byte(number))
	w.must(err)
	return ref.ID
}

func (w *world) sweep(now time.Time) int {
	w.t.Helper()
	n, err := w.keys.Sweep(w.ctx, now, store.Alive(w.db))
	w.must(err)
	return n
}

func TestAKeyWhosePersonWasNeverStoredGoesAfterAnHour(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	lost := w.lose("199003072384")
	now := clock.PaceNow()
	if n := w.sweep(now.Add(59 * time.Minute)); n != 0 {
		t.Errorf("%d keys are destroyed within the hour", n)
	}
	if n := w.sweep(now.Add(61 * time.Minute)); n != 1 {
		t.Errorf("%d keys are destroyed after it", n)
	}
	for _, path := range []string{"/v1/persons/" + person.String(), "/v1/cases/" + caseID.String()} {
		if got := w.status(path); got != http.StatusOK {
			t.Errorf("%s answers %d", path, got)
		}
	}
	if _, found, err := w.keys.Find(w.ctx, af, "national-id", []byte("199003072384")); found || err != nil {
		t.Errorf("%s is still found by its number: %v", lost, err)
	}
}

func TestAKeyThatWasLostAndIsTakenUpAgainLives(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	lost := w.lose(berit)
	if a := w.ok(w.register("reg", berit)); a.ID != lost {
		t.Errorf("the person is %s, not who was about to be registered", a.ID)
	}
	if n := w.sweep(clock.PaceNow().Add(2 * time.Hour)); n != 0 {
		t.Errorf("%d keys are destroyed", n)
	}
	if got := w.status("/v1/persons/" + lost.String()); got != http.StatusOK {
		t.Errorf("the person answers %d", got)
	}
}
