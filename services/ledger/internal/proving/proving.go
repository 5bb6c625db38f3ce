// Package proving makes receipts out of what the log stores: a leaf, its proof
// and the newest checkpoint that covers it.
package proving

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// Proven is one receipt and what it is found by.
type Proven struct {
	Index   int64     `json:"index"`
	Kind    string    `json:"kind"`
	Record  uuid.UUID `json:"record"`
	Receipt string    `json:"receipt"`
}

// Each calls yield with a receipt for every leaf wanted that the newest
// checkpoint covers, in order of index. All of them carry that checkpoint.
func Each(ctx context.Context, db *pgxpool.Pool, w store.Wanted, yield func(Proven) error) error {
	tx, err := db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("begin reading receipts: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	size, note, err := store.Newest(ctx, tx)
	if err != nil || size < 1 {
		return err
	}
	checkpoint, err := receipt.ParseCheckpoint(note)
	if err != nil {
		return fmt.Errorf("read checkpoint of size %d: %w", size, err)
	}
	w.Below = size
	leaves, err := store.Leaves(ctx, tx, w)
	if err != nil {
		return err
	}
	nodes := store.NodesIn(ctx, tx)
	for _, leaf := range leaves {
		proven, err := prove(leaf, checkpoint, nodes)
		if err != nil {
			return fmt.Errorf("prove leaf %d: %w", leaf.Index, err)
		}
		if err := yield(proven); err != nil {
			return err
		}
	}
	return nil
}

func prove(row store.Leaf, checkpoint receipt.Checkpoint, nodes tlog.HashReader) (Proven, error) {
	leaf, err := receipt.ParseLeaf(row.Text)
	if err != nil {
		return Proven{}, err
	}
	proof, err := tlog.ProveRecord(checkpoint.Size, row.Index, nodes)
	if err != nil {
		return Proven{}, err
	}
	file, err := receipt.Format(receipt.Receipt{Leaf: leaf, Index: row.Index, Proof: proof, Checkpoint: checkpoint})
	if err != nil {
		return Proven{}, err
	}
	return Proven{Index: row.Index, Kind: row.Kind, Record: row.Record, Receipt: string(file)}, nil
}
