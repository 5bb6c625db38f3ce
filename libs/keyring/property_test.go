package keyring

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// modelled is a unit as the model knows it.
type modelled struct {
	box    []byte
	parted [][]byte // boxes under keys that have ended
	value  string   // by which it is looked up
}

// model is what a keyring is meant to be: two maps.
type model struct {
	home         home
	dir          string // of the second medium, kept by the second ring alone
	rings        []*Ring
	living, dead map[UnitRef]*modelled
}

// TestRingAgreesWithAModel makes, enters, renews, destroys, rotates, replaces, reopens and loses the key database at
// random, by two processes, against a model.
func TestRingAgreesWithAModel(t *testing.T) {
	t.Parallel()
	if flag.Lookup("rapid.checks").Value.String() == "100" { // rapid's own number takes a minute; more of them by the flag
		must(t, flag.Set("rapid.checks", "20"))
	}
	home := newHome(t)
	rapid.Check(t, func(rt *rapid.T) {
		home.empty(t)
		m := &model{home: home, living: map[UnitRef]*modelled{}, dead: map[UnitRef]*modelled{}}
		var err error
		m.dir, err = os.MkdirTemp("", "keyring-model-")
		must(t, err)
		defer os.RemoveAll(m.dir)
		m.rings = []*Ring{home.open(t), home.openCopying(t, m.dir)}
		rt.Repeat(map[string]func(*rapid.T){
			"make":    func(rt *rapid.T) { m.make(t, rt) },
			"renew":   func(rt *rapid.T) { must(t, m.ring(rt).Renew(t.Context(), m.some(rt))) },
			"end":     func(rt *rapid.T) { m.end(t, rt) },
			"rotate":  func(rt *rapid.T) { must(t, m.ring(rt).Rotate(t.Context())) },
			"replace": func(rt *rapid.T) { must(t, m.ring(rt).ReplaceIndex(t.Context())) },
			"copy":    func(rt *rapid.T) { must(t, m.rings[1].CopyNow(t.Context())) },
			"lose":    func(rt *rapid.T) { m.lose(t) },
			"reopen": func(rt *rapid.T) {
				m.rings = []*Ring{m.home.open(t), m.home.openCopying(t, m.dir)}
			},
			"": func(rt *rapid.T) { m.agree(t, rt) },
		})
	})
}

func (m *model) ring(rt *rapid.T) *Ring { return m.rings[rapid.IntRange(0, 1).Draw(rt, "process")] }

func (m *model) some(rt *rapid.T) (refs []UnitRef) {
	for ref := range m.living {
		if rapid.IntRange(0, 2).Draw(rt, "some") == 0 {
			refs = append(refs, ref)
		}
	}
	return refs
}

func (m *model) make(t *testing.T, rt *rapid.T) {
	rule := Shared("person")
	if rapid.Bool().Draw(rt, "day") {
		rule = ByDay("contact.chat", rapid.SampledFrom([]string{"2024-01-30", "2024-01-31"}).Draw(rt, "date"))
	}
	ref, box := sealed(t, m.ring(rt), rule)
	unit := &modelled{box: box, value: fmt.Sprint("value ", ref.ID)}
	_, err := m.ring(rt).Enter(t.Context(), "person", ref, ref.ID, []byte(unit.value))
	must(t, err)
	m.living[ref] = unit
}

// end destroys units, and old keys whose boxes it has re-wrapped, in one rotation.
func (m *model) end(t *testing.T, rt *rapid.T) {
	ring, goes := m.ring(rt), m.some(rt)
	for _, ref := range goes {
		m.dead[ref] = m.living[ref]
		delete(m.living, ref)
	}
	renewals, err := ring.Renewing(t.Context(), 100)
	must(t, err)
	for _, renewal := range renewals {
		if unit := m.living[renewal.Unit]; unit != nil {
			old := unit.box
			unit.box = rewrapped(t, ring, renewal.Unit, old)
			unit.parted = append(unit.parted, old)
		}
	}
	must(t, ring.End(t.Context(), Ending{Units: goes, OldKeys: renewals}))
}

// lose empties the key database and makes it of the copy.
func (m *model) lose(t *testing.T) {
	must(t, m.rings[1].CopyNow(t.Context()))
	m.home.truncate(t)
	must(t, RestoreCopy(t.Context(), m.dir, m.home.db))
	m.rings = []*Ring{m.home.open(t), m.home.openCopying(t, m.dir)}
}

func (m *model) agree(t *testing.T, rt *rapid.T) {
	ring := m.ring(rt)
	var values [][]byte
	var want []uuid.UUID
	for ref, unit := range m.living {
		if err := opens(ring, ref, unit.box); err != nil {
			rt.Fatalf("a living unit: %v", err)
		}
		for _, old := range unit.parted {
			if err := opens(ring, ref, old); !errors.Is(err, ErrBox) {
				rt.Fatalf("a box under a key that has ended: %v", err)
			}
		}
		values, want = append(values, []byte(unit.value)), append(want, ref.ID)
	}
	for ref, unit := range m.dead {
		if err := opens(ring, ref, unit.box); !errors.Is(err, ErrDestroyed) {
			rt.Fatalf("a dead unit: %v", err)
		}
		values, want = append(values, []byte(unit.value)), append(want, uuid.Nil)
	}
	found, err := ring.FindMany(t.Context(), af, "person", values)
	must(t, err)
	for i, id := range want {
		if found[i] != id {
			rt.Fatalf("%s is found as %s, want %s", values[i], found[i], id)
		}
	}
	m.home.holdsOneGeneration(t)
}

func (h *home) truncate(t *testing.T) {
	_, err := h.db.Exec(t.Context(), `TRUNCATE `+strings.Join(h.tables(t), ", "))
	must(t, err)
}

// empty gives the home an empty database and another, empty keystore.
func (h *home) empty(t *testing.T) {
	h.truncate(t)
	h.store = &memory{keys: map[int64][]byte{}}
}
