package disposal

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/case-linker/internal/store"
)

const af = "arbetsformedlingen"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func database(t *testing.T, name string, sets ...pg.Migration) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, sets...) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(8))
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

// twoShares stores a case of two persons whose shares are both to go.
func twoShares(t *testing.T, db *pgxpool.Pool) (file uuid.UUID, intents []store.Intent) {
	t.Helper()
	c := store.Case{Authority: af, Case: uuid.New(), File: uuid.New(), Type: "job-seeking", OpenedAt: time.Date(2023, 5, 2, 7, 0, 0, 0, time.UTC)}
	c.NumberMAC = c.Case[:]
	must(t, pg.Tx(t.Context(), db, func(tx pgx.Tx) error {
		if _, err := store.InsertCase(t.Context(), tx, c); err != nil {
			return err
		}
		intents = nil
		for range 2 {
			s := store.Share{Authority: af, Share: uuid.New(), Case: c.Case, Person: uuid.New(), Content: []byte{1}, Commitment: []byte{1}}
			if err := store.InsertShare(t.Context(), tx, s); err != nil {
				return err
			}
			i := store.Intent{Authority: af, Unit: s.Share, Person: s.Person, Rule: "AFC-13", Trigger: "deregistered",
				DueOn: calendar.MustDate("2025-07-03"), DueAt: time.Date(2025, 7, 2, 22, 0, 0, 0, time.UTC)}
			if err := store.InsertIntents(t.Context(), tx, af, []store.Intent{i}); err != nil {
				return err
			}
			intents = append(intents, i)
		}
		return nil
	}))
	return c.File, intents
}

func TestTheFileGoesWithTheLastShareAlsoWhenTwoInstancesBuryOneEach(t *testing.T) {
	t.Parallel()
	db := database(t, "case-linker", pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		pg.Migration{FS: store.Migrations, Dir: "migrations", Table: "case_linker_version"})
	files, err := keyring.FileStore(t.TempDir())
	must(t, err)
	keys, err := keyring.Open(t.Context(), database(t, "keys", keyring.Migration()), files)
	must(t, err)
	worker := func() *Worker {
		return &Worker{DB: db, Keys: keys, Box: outbox.New(outbox.Config{Service: "case-linker", Context: "case", Stream: "EV_CASE", Business: clock.Real()}),
			Clock: clock.Real(), Holder: "case-linker", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Endings: keyring.NewEndings()}
	}
	for n := range 30 {
		file, intents := twoShares(t, db)
		var burials sync.WaitGroup
		rounds := [][]store.Intent{intents[:1], intents[1:]}
		if n%3 == 0 {
			rounds = [][]store.Intent{intents, intents} // both, by both
		}
		for _, round := range rounds {
			burials.Go(func() {
				if err := worker().carryOut(t.Context(), round); err != nil {
					t.Error(err)
				}
			})
		}
		burials.Wait()
		var left, told int
		must(t, db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM case_file) + (SELECT count(*) FROM share),
			(SELECT count(*) FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%' || $1 || '%')`, file.String()).Scan(&left, &told))
		if left != 0 || told != 1 {
			t.Fatalf("%d rows are left, and %d events tell of the file", left, told)
		}
	}
}
