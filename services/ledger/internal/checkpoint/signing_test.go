package checkpoint_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/note"

	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/ledger"
	"gallra.se/services/ledger/internal/checkpoint"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

func keyOf(t *testing.T, name string) (note.Signer, string) {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func database(t *testing.T, public string) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, "ledger", func(ctx context.Context, url string) error {
		return pg.MigrateAll(ctx, url, ledger.Migrations()...)
	})
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	within(t, db, func(tx pgx.Tx) error { _, err := store.PublicKeyOf(t.Context(), tx, public); return err })
	return db
}

func within(t *testing.T, db *pgxpool.Pool, work func(pgx.Tx) error) {
	t.Helper()
	if err := pg.Tx(t.Context(), db, work); err != nil {
		t.Fatal(err)
	}
}

func append5(t *testing.T, db *pgxpool.Pool, from int) {
	t.Helper()
	at := time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)
	var leaves []receipt.Leaf
	for n := range 5 {
		leaves = append(leaves, receipt.Leaf{Kind: receipt.Extracted, Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", from+n),
			Authority: "arbetsformedlingen", Rule: "AFG-58", Policy: "1", IssuedAt: at, Commitment: make([]byte, 32)})
	}
	within(t, db, func(tx pgx.Tx) error { _, err := store.Append(t.Context(), tx, leaves); return err })
}

func newest(t *testing.T, db *pgxpool.Pool) receipt.Checkpoint {
	t.Helper()
	_, note, err := store.Newest(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	c, err := receipt.ParseCheckpoint(note)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAWitnessSignsOnlyWhatContinuesTheLogThatWasSignedBefore(t *testing.T) {
	t.Parallel()
	log, public := keyOf(t, receipt.Origin)
	witness, second := keyOf(t, "tillsyn.example")
	db := database(t, public)
	signing := &checkpoint.Signing{DB: db, Signer: log, PublicKey: public,
		Box: outbox.New(outbox.Config{Service: ledger.Name, Context: "ledger", Stream: "EV_LEDGER", Business: clock.Real()})}
	sign := func() error { return signing.Agenda().Run(t.Context(), time.Time{}) }

	append5(t, db, 0)
	if err := sign(); err != nil || newest(t, db).Witnessed() {
		t.Fatalf("before there is a witness: %v", err)
	}
	signing.Witness = witness
	append5(t, db, 5)
	if err := sign(); err != nil || newest(t, db).Size != 10 || newest(t, db).Verify(public, second) != nil {
		t.Fatalf("what continues the log: %v", err)
	}
	within(t, db, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE node SET hash = sha256(hash) WHERE id = 0; UPDATE node SET hash = sha256(hash) WHERE id = 14`)
		return err
	})
	append5(t, db, 10)
	if err := sign(); !errors.Is(err, receipt.ErrRewritten) || newest(t, db).Size != 10 {
		t.Errorf("a log that was rewritten: %v", err)
	}
	signing.Witness = nil
	if err := sign(); err != nil || newest(t, db).Size != 15 || newest(t, db).Witnessed() {
		t.Errorf("nobody looks: %v", err)
	}
}
