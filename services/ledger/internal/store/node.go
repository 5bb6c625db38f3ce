package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/internal/tree"
)

// ErrMissing is something that the log must have and has not.
var ErrMissing = errors.New("is missing")

// Nodes reads stored hashes and remembers those that it has read: a hash never
// changes. Not for concurrent use.
type Nodes struct {
	ctx  context.Context
	q    Querier
	read map[int64]tlog.Hash
}

// NodesIn reads hashes through q for as long as ctx lives.
func NodesIn(ctx context.Context, q Querier) *Nodes {
	return &Nodes{ctx: ctx, q: q, read: map[int64]tlog.Hash{}}
}

// ReadHashes is tlog.HashReader.
func (n *Nodes) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	if err := n.fetch(ids); err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		hash, ok := n.read[id]
		if !ok {
			return nil, fmt.Errorf("hash %d of the log: %w", id, ErrMissing)
		}
		hashes[i] = hash
	}
	return hashes, nil
}

func (n *Nodes) fetch(ids []int64) error {
	var missing []int64
	for _, id := range ids {
		if _, ok := n.read[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	rows, err := n.q.Query(n.ctx, `SELECT id, hash FROM node WHERE id = ANY($1)`, missing)
	if err != nil {
		return fmt.Errorf("read hashes of the log: %w", err)
	}
	var id int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		n.read[id] = tlog.Hash(hash)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read hashes of the log: %w", err)
	}
	return nil
}

// HashesBetween is the stored hashes with from ≤ id < to, as many as there are,
// in order of id.
func HashesBetween(ctx context.Context, q Querier, from, to int64) (ids []int64, hashes []tlog.Hash, err error) {
	rows, err := q.Query(ctx, `SELECT id, hash FROM node WHERE id >= $1 AND id < $2 ORDER BY id`, from, to)
	if err != nil {
		return nil, nil, fmt.Errorf("read hashes of the log: %w", err)
	}
	var id int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		ids, hashes = append(ids, id), append(hashes, tlog.Hash(hash))
		return nil
	})
	return ids, hashes, err
}

// CountNodes is how many hashes are stored.
func CountNodes(ctx context.Context, q Querier) (n int64, err error) {
	err = q.QueryRow(ctx, `SELECT count(*) FROM node`).Scan(&n)
	return n, err
}

func addNodes(ctx context.Context, tx pgx.Tx, g tree.Growth) error {
	hashes := make([][]byte, len(g.Hashes))
	for i := range g.Hashes {
		hashes[i] = g.Hashes[i][:]
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO node (id, hash)
		SELECT $1::bigint + n - 1, hash FROM unnest($2::bytea[]) WITH ORDINALITY AS added(hash, n)`, g.First, hashes)
	if err != nil {
		return fmt.Errorf("store hashes: %w", err)
	}
	return nil
}
