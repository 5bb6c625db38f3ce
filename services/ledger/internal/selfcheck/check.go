package selfcheck

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/internal/tree"
	"gallra.se/services/ledger/receipt"
)

// page bounds what is held in memory, in leaves.
const page = 1000

// Run checks the whole log as of one moment, against the public key.
func Run(ctx context.Context, db *pgxpool.Pool, publicKey string) (Verdict, error) {
	tx, err := db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return judge(Verdict{}, err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	c := &checking{ctx: ctx, tx: tx, publicKey: publicKey}
	return judge(c.all())
}

type checking struct {
	ctx       context.Context
	tx        pgx.Tx
	publicKey string
	tree      tree.Again
	notes     map[int64]string // still to be met, by size
}

func (c *checking) all() (v Verdict, err error) {
	v.Checkpoint, _, err = store.Newest(c.ctx, c.tx)
	if err != nil {
		return v, err
	}
	if c.notes, err = store.Notes(c.ctx, c.tx); err != nil {
		return v, err
	}
	size, err := store.Size(c.ctx, c.tx)
	if err != nil {
		return v, err
	}
	err = c.leaves(size)
	v.Leaves = c.tree.Size()
	if err != nil {
		return v, err
	}
	if err := c.nothingElse(size); err != nil {
		return v, err
	}
	v.Root = c.tree.Root().String()
	return v, nil
}

// leaves walks the log from its first leaf on.
func (c *checking) leaves(size int64) error {
	if err := c.signed(); err != nil {
		return err
	}
	for c.tree.Size() < size {
		rows, err := store.Leaves(c.ctx, c.tx, store.Wanted{After: c.tree.Size() - 1, Below: size, Limit: page})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return found("leaf %d is missing", c.tree.Size())
		}
		if err := c.page(rows); err != nil {
			return err
		}
	}
	return nil
}

func (c *checking) page(rows []store.Leaf) error {
	from := tlog.StoredHashCount(c.tree.Size())
	to := tlog.StoredHashCount(rows[len(rows)-1].Index + 1)
	ids, hashes, err := store.HashesBetween(c.ctx, c.tx, from, to)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Index != c.tree.Size() {
			return found("leaf %d is missing", c.tree.Size())
		}
		if err := sameAsText(row); err != nil {
			return err
		}
		for _, want := range c.tree.Leaf(row.Text) {
			if len(ids) == 0 || ids[0] != from || hashes[0] != want {
				return found("leaf %d does not give the stored hash %d", row.Index, from)
			}
			ids, hashes, from = ids[1:], hashes[1:], from+1
		}
		if err := c.signed(); err != nil {
			return err
		}
	}
	return nil
}

// sameAsText compares the columns that rows are found and counted by with the
// text that is hashed.
func sameAsText(row store.Leaf) error {
	leaf, err := receipt.ParseLeaf(row.Text)
	if err != nil {
		return found("leaf %d is not in its canonical form", row.Index)
	}
	if row.Kind != string(leaf.Kind) || row.Record.String() != leaf.Record || row.Authority != leaf.Authority || row.Rule != leaf.Rule {
		return found("leaf %d has columns that differ from its text", row.Index)
	}
	return nil
}

// signed compares the tree so far with the checkpoint of that size, if one was
// signed.
func (c *checking) signed() error {
	note, ok := c.notes[c.tree.Size()]
	if !ok {
		return nil
	}
	delete(c.notes, c.tree.Size())
	checkpoint, err := receipt.ParseCheckpoint(note)
	if err == nil {
		err = checkpoint.Verify(c.publicKey)
	}
	if err != nil {
		return found("checkpoint of size %d is not one that this ledger signed", c.tree.Size())
	}
	if checkpoint.Size != c.tree.Size() || checkpoint.Root != c.tree.Root() {
		return found("checkpoint of size %d signs another root than the leaves give", c.tree.Size())
	}
	return nil
}

func (c *checking) nothingElse(size int64) error {
	if len(c.notes) != 0 {
		return found("%d checkpoints sign more leaves than the %d that there are", len(c.notes), size)
	}
	beyond, err := store.Leaves(c.ctx, c.tx, store.Wanted{After: size - 1, Below: 1<<63 - 1, Limit: 1})
	if err != nil {
		return err
	}
	nodes, err := store.CountNodes(c.ctx, c.tx)
	if err != nil {
		return err
	}
	if len(beyond) != 0 || nodes != tlog.StoredHashCount(size) {
		return found("there are leaves or hashes beyond the %d of the log", size)
	}
	return nil
}
