package casework_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

const af = "arbetsformedlingen"

// BenchmarkSomebodyHiddenAndNobody asks by turns for a protected person and for an id that there is not, as somebody who is not
// appointed, and reports both medians side by side: the two answers are of one class of time (D13). It is read, not asserted: a
// machine that does something else would make a test of it fail.
func BenchmarkSomebodyHiddenAndNobody(b *testing.B) {
	desk, hidden := deskWithSomebodyHidden(b)
	ctx := bearer.With(b.Context(), bearer.Claims{Authority: af, Name: "olle", Roles: []string{"case-officer"}})
	for name, ask := range map[string]func(uuid.UUID) error{
		"person": func(id uuid.UUID) error { _, err := desk.ReadPerson(ctx, af, id); return err },
		"case":   func(id uuid.UUID) error { _, err := desk.ReadCase(ctx, af, id); return err },
		"note":   func(id uuid.UUID) error { _, err := desk.ReadNote(ctx, af, id); return err },
	} {
		b.Run(name, func(b *testing.B) {
			var somebody, nobody []time.Duration
			for b.Loop() {
				somebody = append(somebody, took(b, func() error { return ask(hidden[name]) }))
				nobody = append(nobody, took(b, func() error { return ask(uuid.New()) }))
			}
			b.ReportMetric(float64(median(somebody).Microseconds()), "µs/hidden")
			b.ReportMetric(float64(median(nobody).Microseconds()), "µs/unknown")
		})
	}
}

func took(b *testing.B, ask func() error) time.Duration {
	began := clock.PaceNow()
	err := ask()
	passed := clock.PaceNow().Sub(began)
	if problem.From(err).Reason != "not-found" {
		b.Fatalf("answered %v", err)
	}
	return passed
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// deskWithSomebodyHidden has a protected person, her case and a note in it. What is hidden is never decrypted, so nothing here is
// encrypted.
func deskWithSomebodyHidden(b *testing.B) (*casework.Desk, map[string]uuid.UUID) {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	open := func(sets ...pg.Migration) string {
		url := pgtest.New(b)
		must(pg.MigrateAll(b.Context(), url, sets...))
		return url
	}
	db, err := pg.Open(b.Context(), open(pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		pg.Migration{FS: store.Migrations, Dir: "migrations", Table: "case_linker_version"}))
	must(err)
	b.Cleanup(db.Close)
	keyDB, err := pg.Open(b.Context(), open(keyring.Migration()))
	must(err)
	b.Cleanup(keyDB.Close)
	files, err := keyring.FileStore(b.TempDir())
	must(err)
	keys, err := keyring.Open(b.Context(), keyDB, files)
	must(err)
	packs := policy.Default()
	must(err)
	person, caseID, share, note := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	must(pg.Tx(b.Context(), db, func(tx pgx.Tx) error {
		return insertHidden(b.Context(), tx, person, caseID, share, note)
	}))
	return &casework.Desk{DB: db, Keys: keys, Clock: clock.Real(), Rules: line.Rules{Packs: packs, Simulated: true}},
		map[string]uuid.UUID{"person": person, "case": caseID, "note": note}
}

func insertHidden(ctx context.Context, tx pgx.Tx, person, caseID, share, note uuid.UUID) error {
	box := []byte{1}
	if _, err := store.InsertPerson(ctx, tx, store.Person{Authority: af, Person: person, RegisteredOn: calendar.MustDate("2024-01-09"), Content: box, Commitment: box}); err != nil {
		return err
	}
	if _, err := store.InsertCase(ctx, tx, store.Case{Authority: af, Case: caseID, File: uuid.New(), NumberMAC: caseID[:], Type: "job-seeking",
		OpenedAt: time.Date(2024, 1, 9, 9, 0, 0, 0, time.UTC)}); err != nil {
		return err
	}
	if err := store.InsertShare(ctx, tx, store.Share{Authority: af, Share: share, Case: caseID, Person: person, Content: box, Commitment: box}); err != nil {
		return err
	}
	if _, err := store.InsertNote(ctx, tx, store.Note{Authority: af, Note: note, Share: share, Category: store.CategoryNote,
		NotedAt: time.Date(2024, 1, 9, 9, 0, 0, 0, time.UTC), Content: box, Commitment: box}); err != nil {
		return err
	}
	_, err := store.SaveProtection(ctx, tx, af, person, box)
	return err
}
