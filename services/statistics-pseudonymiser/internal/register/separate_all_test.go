package register_test

import (
	"testing"
	"time"
)

// In a store that came out of a backup no row may be linked again: not by its own token, and not by a person's other rows.
func TestEveryRowOfARestoredStoreIsSeparatedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person, other := newToken(), newToken()
	w.record(t, newToken(), person)
	w.record(t, newToken(), person)
	w.record(t, newToken(), other)
	before := map[string]bool{}
	for _, row := range w.rows(t) {
		before[row.P] = true
	}
	taken := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)
	for range 2 { // a crash has it begun again
		must(t, w.SeparateAll(t.Context(), w.db, taken))
	}
	names := map[string]int{}
	for _, row := range w.rows(t) {
		names[row.P]++
		if row.State != "separated" || before[row.P] {
			t.Errorf("%+v", row)
		}
	}
	var kept, twice int
	must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE row_mac IS NOT NULL OR separated_on <> '2026-05-20'), count(*) FILTER (WHERE revision <> 2)
		FROM statistics_row`).Scan(&kept, &twice))
	if kept != 0 || twice != 0 {
		t.Errorf("%d rows keep something, %d were not separated exactly once", kept, twice)
	}
	if len(names) != 2 {
		t.Errorf("%d persons are counted, there were two", len(names))
	}
}
