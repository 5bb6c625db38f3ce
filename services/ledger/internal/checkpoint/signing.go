// Package checkpoint signs what the log holds: after each batch of leaves the
// ledger states "so many leaves, this root", stores the statement and tells it.
package checkpoint

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// Signing signs the log whenever it holds leaves beyond the newest checkpoint.
// Leaves that come while one is being signed share the next: under load there
// are fewer checkpoints than batches, and never a leaf without one for long.
//
// With a witness each checkpoint bears a second signature, and none is made that
// does not continue the one before: a log that somebody has rewritten is signed no
// more.
type Signing struct {
	DB        *pgxpool.Pool
	Signer    note.Signer
	PublicKey string      // of Signer
	Witness   note.Signer // nil where nobody witnesses
	Box       *outbox.Box
}

// Agenda is due as soon as there is something to sign; poke it after an append.
func (s *Signing) Agenda() *clock.Agenda {
	return &clock.Agenda{Name: "sign checkpoint", Next: s.next, Run: s.run}
}

// overdue is before any present: what is unsigned waits for nothing.
var overdue = time.Unix(0, 0).UTC()

func (s *Signing) next(ctx context.Context) (at time.Time, ok bool, err error) {
	size, err := store.Size(ctx, s.DB)
	if err != nil {
		return overdue, false, err
	}
	signed, _, err := store.Newest(ctx, s.DB)
	return overdue, size > max(signed, 0), err
}

func (s *Signing) run(ctx context.Context, _ time.Time) error {
	err := pg.Tx(ctx, s.DB, func(tx pgx.Tx) error {
		size, err := store.LockSize(ctx, tx)
		if err != nil {
			return err
		}
		signed, note, err := store.Newest(ctx, tx)
		if err != nil || size <= max(signed, 0) {
			return err
		}
		return s.sign(ctx, tx, size, note)
	})
	fault.Point("ledger.signed")
	s.Box.Committed()
	return err
}

func (s *Signing) sign(ctx context.Context, tx pgx.Tx, size int64, before string) error {
	nodes := store.NodesIn(ctx, tx)
	root, err := tlog.TreeHash(size, nodes)
	if err != nil {
		return err
	}
	var witnesses []note.Signer
	if s.Witness != nil {
		if err := continues(before, s.PublicKey, size, root, nodes); err != nil {
			return fmt.Errorf("witness checkpoint of size %d: %w", size, err)
		}
		witnesses = []note.Signer{s.Witness}
	}
	checkpoint, err := receipt.Sign(size, root, s.Signer, witnesses...)
	if err != nil {
		return err
	}
	if err := store.AddCheckpoint(ctx, tx, size, checkpoint.Note()); err != nil {
		return err
	}
	return s.Box.Append(ctx, tx, outbox.Draft{
		Authority: everyone, Type: events.TypeLedgerCheckpointed, Subject: log, Key: log,
		Data: events.LedgerCheckpointed{Size: size, Root: root[:]},
	})
}

// continues refuses a tree that does not begin with the one signed before.
func continues(before, publicKey string, size int64, root tlog.Hash, nodes tlog.HashReader) error {
	if before == "" {
		return nil
	}
	older, err := receipt.ParseCheckpoint(before)
	if err != nil {
		return err
	}
	if err := older.Verify(publicKey); err != nil {
		return err
	}
	proof, err := tlog.ProveTree(size, older.Size, nodes)
	if err != nil {
		return err
	}
	return receipt.VerifyConsistency(older, receipt.Checkpoint{Origin: older.Origin, Size: size, Root: root},
		receipt.Consistency{From: older.Size, To: size, Proof: proof})
}

// One log bears witness for all authorities; its leaves name theirs.
const (
	everyone = "all"
	log      = "log"
)
