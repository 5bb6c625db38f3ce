package backup

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/receipt"
)

// Extends says whether the log in a ledger's database goes on where a checkpoint ends: it is signed with the log's own key,
// and the log's first leaves compute to its root.
func Extends(ctx context.Context, tx pgx.Tx, c Checkpoint) error {
	var size int64
	var key string
	err := tx.QueryRow(ctx, `SELECT size, public_key FROM tree`).Scan(&size, &key)
	if errors.Is(err, pgx.ErrNoRows) && c.Size == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	if c.Size == 0 {
		return nil
	}
	if size < c.Size {
		return fmt.Errorf("the ledger has %d leaves, the data knew of %d: this is not its newest copy: %w", size, c.Size, ErrApart)
	}
	known, err := note.NewVerifier(key)
	if err != nil {
		return fmt.Errorf("read the log's key: %w", err)
	}
	if _, err := note.Open([]byte(c.Note), note.VerifierList(known)); err != nil {
		return fmt.Errorf("the data were backed up beside another ledger: %w", ErrApart)
	}
	said, err := receipt.ParseCheckpoint(c.Note)
	if err != nil || said.Size != c.Size {
		return fmt.Errorf("the checkpoint in the backup of the data is none: %w", ErrBackup)
	}
	root, err := tlog.TreeHash(c.Size, stored{ctx, tx})
	if err != nil {
		return fmt.Errorf("compute the log: %w", err)
	}
	if root != said.Root {
		return fmt.Errorf("the ledger's first %d leaves are not those that the data knew of: %w", c.Size, ErrApart)
	}
	return nil
}

// stored reads the hashes of a log's nodes.
type stored struct {
	ctx context.Context
	tx  pgx.Tx
}

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	rows, err := s.tx.Query(s.ctx, `SELECT id, hash FROM node WHERE id = ANY($1)`, indexes)
	if err != nil {
		return nil, err
	}
	found := map[int64]tlog.Hash{}
	var id int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		found[id] = tlog.Hash(hash)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hash, ok := found[index]
		if !ok {
			return nil, fmt.Errorf("node %d of the log is missing", index)
		}
		out[i] = hash
	}
	return out, nil
}
