package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/ledger/internal/proving"
	"gallra.se/services/ledger/internal/selfcheck"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

func database(t testing.TB) *pgxpool.Pool {
	t.Helper()
	url := pgtest.New(t)
	if err := pg.MigrateAll(t.Context(), url, store.Migration); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func leafOf(n int) receipt.Leaf {
	at := time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)
	return receipt.Leaf{Kind: receipt.Disposed, Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", n),
		Authority: "arbetsformedlingen", Category: "case.note", Rule: fmt.Sprint("AFC-", n%3), Trigger: "case-closed",
		DueOn: "2025-05-01", DueAt: at, RemovedAt: at, UnrecoverableAt: at, Policy: "1", Commitment: make([]byte, 32)}
}

// Law: whatever is delivered, in batches, again and again, the log has each
// record once, checks out, and every leaf has a receipt that verifies.
func TestAnyDeliveriesLeaveEachRecordOnceAndProvable(t *testing.T) {
	t.Parallel()
	db := database(t)
	secret, public, err := note.GenerateKey(nil, receipt.Origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		begin(r, db, public)
		records := map[int]bool{}
		for _, batch := range rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 25), 0, 8), 1, 5).Draw(r, "batches") {
			appendAndSign(r, db, signer, batch, rapid.Bool().Draw(r, "rolled back"), records)
		}
		verdict, err := selfcheck.Run(ctx, db, public)
		if err != nil || !verdict.OK || verdict.Leaves != int64(len(records)) {
			r.Fatalf("%d records: %+v %v", len(records), verdict, err)
		}
		n := 0
		err = proving.Each(ctx, db, store.Wanted{After: -1, Limit: 100}, func(p proving.Proven) error {
			n++
			return receipt.Verify([]byte(p.Receipt), public)
		})
		if err != nil || n != len(records) {
			r.Fatalf("%d receipts of %d: %v", n, len(records), err)
		}
	})
}

func begin(r *rapid.T, db *pgxpool.Pool, public string) {
	err := pg.Tx(context.Background(), db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `TRUNCATE tree, leaf, node, checkpoint`); err != nil {
			return err
		}
		_, err := store.PublicKeyOf(context.Background(), tx, public)
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}

func appendAndSign(r *rapid.T, db *pgxpool.Pool, signer note.Signer, batch []int, rollBack bool, records map[int]bool) {
	ctx := context.Background()
	var leaves []receipt.Leaf
	for _, n := range batch {
		leaves = append(leaves, leafOf(n))
	}
	tx, err := db.Begin(ctx)
	if err != nil {
		r.Fatal(err)
	}
	defer tx.Rollback(ctx)
	added, err := store.Append(ctx, tx, leaves)
	if err != nil {
		r.Fatal(err)
	}
	if rollBack {
		return
	}
	for _, n := range batch {
		records[n] = true
	}
	if added > 0 {
		sign(r, tx, signer)
	}
	if err := tx.Commit(ctx); err != nil {
		r.Fatal(err)
	}
}

func sign(r *rapid.T, tx pgx.Tx, signer note.Signer) {
	ctx := context.Background()
	size, err := store.Size(ctx, tx)
	if err != nil {
		r.Fatal(err)
	}
	root, err := tlog.TreeHash(size, store.NodesIn(ctx, tx))
	if err != nil {
		r.Fatal(err)
	}
	c, err := receipt.Sign(size, root, signer)
	if err != nil {
		r.Fatal(err)
	}
	if err := store.AddCheckpoint(ctx, tx, size, c.Note()); err != nil {
		r.Fatal(err)
	}
}

func TestAppendsOfManyInstancesWaitForEachOther(t *testing.T) {
	t.Parallel()
	db := database(t)
	if err := pg.Tx(t.Context(), db, func(tx pgx.Tx) error {
		_, err := store.PublicKeyOf(t.Context(), tx, "key")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error)
	const writers, each = 8, 10
	for w := range writers {
		go func() {
			failed <- func() error {
				for i := range each {
					err := pg.Tx(t.Context(), db, func(tx pgx.Tx) error {
						_, err := store.Append(t.Context(), tx, []receipt.Leaf{leafOf(w*each + i), leafOf(1000)})
						return err
					})
					if err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range writers {
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
	}
	verdict, err := selfcheck.Run(t.Context(), db, "key")
	if err != nil || !verdict.OK || verdict.Leaves != writers*each+1 {
		t.Fatalf("%+v %v", verdict, err)
	}
}

func TestEachPartOfARecordAboutSeveralHasALeafOfItsOwnOnce(t *testing.T) {
	t.Parallel()
	db := database(t)
	anna, bo := leafOf(1), leafOf(1)
	bo.Commitment = append([]byte{1}, make([]byte, 31)...)
	for _, step := range []struct {
		leaves []receipt.Leaf
		added  int
	}{{[]receipt.Leaf{anna}, 1}, {[]receipt.Leaf{anna, bo, bo}, 1}, {[]receipt.Leaf{bo, anna}, 0}} {
		err := pg.Tx(t.Context(), db, func(tx pgx.Tx) error {
			if _, err := store.PublicKeyOf(t.Context(), tx, "key"); err != nil {
				return err
			}
			added, err := store.Append(t.Context(), tx, step.leaves)
			if added != step.added {
				t.Errorf("%d leaves were added, want %d", added, step.added)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
