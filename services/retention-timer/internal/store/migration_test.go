package store_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/retention-timer/internal/store"
)

// TestFactsOfAnEarlierVersionStandWithTheirUnits: what was kept before units had facts of their own is kept with them.
func TestFactsOfAnEarlierVersionStandWithTheirUnits(t *testing.T) {
	t.Parallel()
	url, whole := pgtest.New(t), store.Migrations()
	earlier := fstest.MapFS{}
	for _, name := range []string{"00001_retention.sql", "00002_tally_part.sql", "00003_due.sql"} {
		text, err := fs.ReadFile(whole.FS, whole.Dir+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		earlier[whole.Dir+"/"+name] = &fstest.MapFile{Data: text}
	}
	if err := pg.Migrate(t.Context(), url, earlier, whole.Dir, whole.Table); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	person, share, call := uuid.New(), uuid.New(), uuid.New()
	_, err = db.Exec(t.Context(), `
		INSERT INTO person_fact VALUES ('a', '`+person.String()+`', '2021-01-04', NULL, false);
		INSERT INTO share_fact VALUES ('a', '`+share.String()+`', '`+person.String()+`', '`+uuid.NewString()+`', '2021-01-05', '2022-05-16');
		INSERT INTO unit (authority, unit, holder, kind, key, partition, person, case_id, state) VALUES
			('a', '`+person.String()+`', 'case-linker', 'identity', 'k', 1, '`+person.String()+`', NULL, 'idle'),
			('a', '`+share.String()+`', 'case-linker', 'share', 'k', 1, '`+person.String()+`', '`+uuid.NewString()+`', 'running'),
			('a', '`+call.String()+`', 'intake', 'contact', 'k', 1, NULL, NULL, 'running');
		INSERT INTO clock VALUES ('a', '`+call.String()+`', 'AFC-10', 'contact-ended', '2024-01-31', '15 months', 'exact', '2025-04-30', '2025-05-01', 'running'),
			('a', '`+share.String()+`', 'AFG-53', 'case-closed', '2022-05-16', '3 years', 'ceiling', '2025-05-16', '2025-05-16', 'running')`)
	if err != nil {
		t.Fatal(err)
	}
	if err := pg.Migrate(t.Context(), url, whole.FS, whole.Dir, whole.Table); err != nil {
		t.Fatal(err)
	}
	err = pg.Tx(t.Context(), db, func(tx pgx.Tx) error {
		units, err := store.LockUnits(context.Background(), tx, "a", []uuid.UUID{person, share, call})
		if err != nil {
			return err
		}
		facts := map[uuid.UUID]string{}
		for _, u := range units {
			facts[u.ID] = u.Category + " " + u.CollectedOn.String() + " " + u.OwnOn.String() + " " + u.ClosedOn.String()
		}
		for id, want := range map[uuid.UUID]string{
			person: "person.identity 2021-01-04  ", share: "case.file 2021-01-05  2022-05-16", call: "contact.phone-log 2024-01-31 2024-01-31 ",
		} {
			if facts[id] != want {
				t.Errorf("%q, expected %q", facts[id], want)
			}
		}
		clocks, err := store.RunningClocks(context.Background(), tx, "a", []uuid.UUID{share})
		if len(clocks[share]) != 1 || clocks[share][0].Kind != "ceiling" {
			t.Errorf("%+v", clocks)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
