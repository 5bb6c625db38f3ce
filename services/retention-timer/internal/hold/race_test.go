package hold_test

import (
	"testing"

	"github.com/google/uuid"

	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

// A hold is released at the moment in which a unit arrives that it covers: the unit is not told to be held for ever.
func TestAReleaseThatMeetsANewUnitLetsItGo(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	person, unit := b.Registered("2024-01-08").ID, uuid.New()
	h := place(t, b, "person", person)
	arriving, err := b.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = arriving.Exec(t.Context(), `INSERT INTO unit (authority, unit, holder, kind, key, partition, person, state)
		VALUES ($1, $2, 'case-linker', 'share', $3, 0, $4, 'idle')`, testbed.AF, unit, person.String(), person)
	if err == nil {
		err = desk(b).HeldFrom(t.Context(), arriving, store.Unit{Authority: testbed.AF, ID: unit, Holder: "case-linker", Key: person.String(), Person: person}, person)
	}
	if err != nil {
		t.Fatal(err)
	}
	released := make(chan error, 1)
	go func() { released <- desk(b).Release(t.Context(), testbed.AF, h.ID) }()
	var early bool
	for waiting := 0; waiting == 0 && !early; {
		select {
		case err = <-released:
			early = true
		default:
			err = b.DB.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := arriving.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !early {
		err = <-released
	}
	var held bool
	if err == nil {
		err = b.DB.QueryRow(t.Context(), `SELECT held FROM unit WHERE unit = $1`, unit).Scan(&held)
	}
	if err != nil || held {
		t.Errorf("the unit is held: %v, by a hold that is released; %v", held, err)
	}
}
