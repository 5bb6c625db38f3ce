package keyring

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// TestRingAgreesWithAModel makes, destroys, rotates and reopens at random, by two
// processes, against a model that is a map.
func TestRingAgreesWithAModel(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	rapid.Check(t, func(rt *rapid.T) {
		home.empty(t)
		rings := []*Ring{home.open(t), home.open(t)}
		living, dead := map[UnitRef][]byte{}, map[UnitRef][]byte{}
		ring := func(rt *rapid.T) *Ring { return rings[rapid.IntRange(0, 1).Draw(rt, "process")] }
		rt.Repeat(map[string]func(*rapid.T){
			"make": func(rt *rapid.T) {
				rule := Shared("person")
				if rapid.Bool().Draw(rt, "day") {
					rule = ByDay("contact.chat", rapid.SampledFrom([]string{"2024-01-30", "2024-01-31"}).Draw(rt, "date"))
				}
				ref, box := sealed(t, ring(rt), rule)
				living[ref] = box
			},
			"destroy": func(rt *rapid.T) {
				var goes []UnitRef
				for ref, box := range living {
					if rapid.IntRange(0, 2).Draw(rt, "goes") == 0 {
						goes = append(goes, ref)
						dead[ref] = box
						delete(living, ref)
					}
				}
				must(t, ring(rt).Destroy(t.Context(), goes))
			},
			"rotate": func(rt *rapid.T) { must(t, ring(rt).Rotate(t.Context())) },
			"reopen": func(rt *rapid.T) { rings[rapid.IntRange(0, 1).Draw(rt, "process")] = home.open(t) },
			"": func(rt *rapid.T) {
				for ref, box := range living {
					if err := opens(ring(rt), ref, box); err != nil {
						rt.Fatalf("a living unit: %v", err)
					}
				}
				for ref, box := range dead {
					if err := opens(ring(rt), ref, box); !errors.Is(err, ErrDestroyed) {
						rt.Fatalf("a dead unit: %v", err)
					}
				}
				home.holdsOneGeneration(t)
			},
		})
	})
}

// empty gives the home an empty database and another, empty keystore.
func (h *home) empty(t *testing.T) {
	_, err := h.db.Exec(t.Context(), `TRUNCATE key_generation, key_page, key_shelf, key_unit, key_lookup, key_transport`)
	must(t, err)
	h.store = &memory{keys: map[int64][]byte{}}
}
