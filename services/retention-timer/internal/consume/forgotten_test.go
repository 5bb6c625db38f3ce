package consume_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

// gone tells that units of a protected person are disposed of.
func gone(b *testbed.Bed, holder string, units ...uuid.UUID) {
	b.T.Helper()
	said := events.RecordDisposed{Holder: holder, RemovedAt: b.Now.Now(), UnrecoverableAt: b.Now.Now()}
	for _, unit := range units {
		said.Units = append(said.Units, events.DisposedUnit{Unit: unit, Rule: "AFC-13", Trigger: events.TriggerDeregistered, DueOn: "2024-07-17",
			DueAt: b.Now.Now(), PolicyVersion: "1", Audience: events.AudienceProtected,
			Records: []events.DisposedRecord{{Record: unit, Category: "person.identity", Commitment: make([]byte, 32)}}})
	}
	b.Tell(events.TypeRecordDisposed, units[0], said)
}

// A released hold and the mark of a protection name somebody for as long as something of hers lives, and no longer.
func TestHoldsAndMarksOfAPersonGoWithTheLastUnit(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p, other := b.Registered("2021-02-01"), b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	p.Deregister("2022-05-16")
	c.Close("2022-05-16")
	b.Tell(events.TypeProtectionMarked, p.ID, events.ProtectionMarked{Person: p.ID})
	b.Tell(events.TypeProtectionMarked, other.ID, events.ProtectionMarked{Person: other.ID})
	call := b.Contact("contact.phone-log", "2022-05-16")
	b.Tell(events.TypeContactLinked, p.ID, events.ContactLinked{Contact: call, Person: p.ID})
	b.Tx(func(tx pgx.Tx) error {
		for scope, target := range map[string]uuid.UUID{"person": p.ID, "case": c.ID, "record": call} {
			h, err := store.PlaceHold(t.Context(), tx, store.Hold{Authority: testbed.AF, ID: uuid.New(), Scope: scope, Target: target, Reason: "court", PlacedAt: b.Now.Now(), ReviewAt: b.Now.Now()})
			if err == nil {
				err = store.ReleaseHold(t.Context(), tx, testbed.AF, h.ID, b.Now.Now())
			}
			if err != nil {
				return err
			}
		}
		_, err := store.PlaceHold(t.Context(), tx, store.Hold{Authority: testbed.AF, ID: uuid.New(), Scope: "person", Target: other.ID, Reason: "court", PlacedAt: b.Now.Now(), ReviewAt: b.Now.Now()})
		return err
	})
	for _, step := range []struct {
		holder       string
		unit         uuid.UUID
		holds, marks int
	}{
		{events.CaseLinker, p.ID, 4, 2},    // a share of hers lives
		{events.CaseLinker, c.Share, 2, 2}, // the call is hers
		{events.Intake, call, 1, 1},        // what is left is the other's
		{events.Intake, call, 1, 1},
	} {
		gone(b, step.holder, step.unit)
		var holds, marks, days int
		err := b.DB.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM hold), (SELECT count(*) FROM protected_person),
			(SELECT count(*) FROM unit WHERE state = 'disposed' AND coalesce(collected_on, own_on, closed_on, extended_until, floor_on) IS NOT NULL)`).
			Scan(&holds, &marks, &days)
		if err != nil || holds != step.holds || marks != step.marks || days != 0 {
			t.Errorf("after %s went: %d holds, %d marks, %d disposed units with their days, %v", step.unit, holds, marks, days, err)
		}
	}
}
