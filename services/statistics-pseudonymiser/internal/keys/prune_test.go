package keys

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

const af = "arbetsformedlingen"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func database(t *testing.T, name string, set pg.Migration) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, set) })
	db, err := pg.Open(t.Context(), url)
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

func (k *Keys) remembered() (n int) {
	k.known.Range(func(_, _ any) bool { n++; return true })
	return n
}

func TestAKeyThatAnotherInstanceRetiredLeavesThisOnesMemory(t *testing.T) {
	t.Parallel()
	db, keyDB := database(t, "statistics", store.Migration), database(t, "keys", keyring.Migration())
	files, err := keyring.FileStore(t.TempDir())
	must(t, err)
	ring, err := keyring.Open(t.Context(), keyDB, files)
	must(t, err)
	here, there := New(db, ring), New(db, ring)
	day, row := DayOf(af, calendar.MustDate("2024-01-31")), RowOf(af)
	for _, k := range []*Keys{here, there} {
		must(t, k.Ready(t.Context(), day, row))
		if n := k.remembered(); n != 2 {
			t.Fatalf("%d keys are remembered", n)
		}
	}
	days, err := store.Days(t.Context(), db)
	must(t, err)
	must(t, pg.Tx(t.Context(), db, func(tx pgx.Tx) error { return store.Retire(t.Context(), tx, days[0]) }))
	must(t, there.Prune(t.Context()))
	if n := there.remembered(); n != 1 {
		t.Errorf("%d keys are remembered", n)
	}
	must(t, pg.Tx(t.Context(), db, func(tx pgx.Tx) error { _, err := there.Row(t.Context(), tx, af); return err }))
}
