// Package checkpoint signs what the log holds: after each batch of leaves the
// ledger states "so many leaves, this root", stores the statement and tells it.
package checkpoint

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// Signing signs the log whenever it holds leaves beyond the newest checkpoint.
// Leaves that come while one is being signed share the next: under load there
// are fewer checkpoints than batches, and never a leaf without one for long.
type Signing struct {
	DB     *pgxpool.Pool
	Signer note.Signer
	Box    *outbox.Box
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
		signed, _, err := store.Newest(ctx, tx)
		if err != nil || size <= max(signed, 0) {
			return err
		}
		return s.sign(ctx, tx, size)
	})
	s.Box.Committed()
	return err
}

func (s *Signing) sign(ctx context.Context, tx pgx.Tx, size int64) error {
	root, err := tlog.TreeHash(size, store.NodesIn(ctx, tx))
	if err != nil {
		return err
	}
	checkpoint, err := receipt.Sign(size, root, s.Signer)
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

// One log bears witness for all authorities; its leaves name theirs.
const (
	everyone = "all"
	log      = "log"
)
