package intake_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/services/intake/internal/store"
)

func TestAKeyWhoseContactWasNeverStoredGoesAfterAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	orphan := keyring.UnitRef{Authority: af, ID: uuid.New()}
	_, err := w.ring.NewUnit(t.Context(), orphan, keyring.ByDay("contact.phone-log", "2024-01-31")) // and the process dies
	must(t, err)
	now := clock.PaceNow()
	for _, c := range []struct {
		after     time.Duration
		destroyed int
	}{{59 * time.Minute, 0}, {61 * time.Minute, 1}, {2 * time.Hour, 0}} {
		n, err := w.ring.Sweep(t.Context(), now.Add(c.after), store.Alive(w.db))
		must(t, err)
		if n != c.destroyed {
			t.Errorf("%s later %d keys are destroyed, want %d", c.after, n, c.destroyed)
		}
	}
	if _, err := w.ring.Unit(t.Context(), orphan); !errors.Is(err, keyring.ErrDestroyed) {
		t.Errorf("the orphan: %v", err)
	}
	if r := w.read(id); r.Status != http.StatusOK {
		t.Errorf("the contact: %d", r.Status)
	}
}
