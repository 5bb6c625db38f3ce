package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

func TestAStandingHoldCountsWhatItsScopeCovers(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	first, second := p.Open("2021-02-01"), p.Open("2021-02-01")
	note := first.Note()
	want := map[uuid.UUID]int{p.ID: 3, first.ID: 1, note: 1, second.ID: 1}
	b.Tx(func(tx pgx.Tx) error {
		for target, scope := range map[uuid.UUID]string{p.ID: "person", first.ID: "case", second.ID: "case", note: "record"} {
			h := store.Hold{Authority: b.Authority, ID: uuid.New(), Scope: scope, Target: target, Reason: "court",
				PlacedAt: b.Now.Now(), ReviewAt: b.Now.Now().AddDate(0, 1, 0)}
			if _, err := store.PlaceHold(t.Context(), tx, h); err != nil {
				return err
			}
		}
		return nil
	})
	standing, err := store.StandingHolds(t.Context(), b.DB, "", b.Now.Now())
	if err != nil || len(standing) != len(want) {
		t.Fatalf("%+v, %v", standing, err)
	}
	for _, s := range standing {
		if s.Units != want[s.Target] || s.Overdue {
			t.Errorf("%+v, expected %d units", s, want[s.Target])
		}
	}
}
