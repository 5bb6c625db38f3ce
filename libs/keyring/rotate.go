package keyring

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Rotate puts the page table under a new root key and destroys the old one.
func (r *Ring) Rotate(ctx context.Context) error {
	err := r.rotate(ctx, func(context.Context, pgx.Tx, map[uuid.UUID]*key) (bool, error) { return true, nil })
	if err != nil {
		return fmt.Errorf("rotate root key: %w", err)
	}
	return nil
}

// change alters pages, which it is given in the clear, and reports whether there
// was anything to change: if not, there is no new root.
type change func(ctx context.Context, tx pgx.Tx, pages map[uuid.UUID]*key) (bool, error)

// rotate is the order of the package's promise. The lock is held on a connection
// of its own from before the new root key is made until the old one is gone:
// nobody can take an unused root for a leftover while it is about to be used. It
// is a session lock, as the transaction ends before the old root does; it goes
// with the connection when the process dies.
func (r *Ring) rotate(ctx context.Context, change change) error {
	conn, err := r.db.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to key database: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(lockID)); err != nil {
		return fmt.Errorf("lock key database: %w", err)
	}
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(lockID)); err != nil {
			conn.Conn().Close(context.WithoutCancel(ctx)) // the lock ends with it
		}
	}()
	if err := r.step("locked"); err != nil {
		return err
	}
	var now state
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		now, err = r.underNewRoot(ctx, tx, change)
		return err
	})
	if err != nil {
		return err
	}
	r.table.replace(now.generation, now.root, now.pages)
	if err := r.step("committed"); err != nil {
		return err
	}
	if err := r.tidy(ctx, now.generation); err != nil {
		return err
	}
	return r.step("destroyed")
}

// state is a page table and what it is under.
type state struct {
	generation int64
	root       key
	pages      map[uuid.UUID]*key
}

// underNewRoot changes the pages and writes the page table under a new root; it
// returns what counts once tx has committed.
func (r *Ring) underNewRoot(ctx context.Context, tx pgx.Tx, change change) (s state, err error) {
	if s.generation, err = currentGeneration(ctx, tx); err != nil {
		return s, err
	}
	if s.root, err = r.root(ctx, s.generation); err != nil {
		return s, err
	}
	if s.pages, err = readTable(ctx, tx, s.generation, &s.root); err != nil {
		return s, err
	}
	changed, err := change(ctx, tx, s.pages)
	if err != nil || !changed {
		return s, err
	}
	s.generation, s.root = s.generation+1, newKey()
	if err := r.store.Put(ctx, s.generation, s.root[:]); err != nil {
		return s, err
	}
	if err := r.step("put"); err != nil {
		return s, err
	}
	if err := writeTable(ctx, tx, s.generation, &s.root, s.pages); err != nil {
		return s, err
	}
	return s, r.step("table")
}

func writeTable(ctx context.Context, tx pgx.Tx, generation int64, root *key, pages map[uuid.UUID]*key) error {
	ids, boxes := shelves(generation, root, pages)
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM key_shelf`)
	batch.Queue(`INSERT INTO key_shelf (id, generation, box) SELECT id, $1, box FROM unnest($2::uuid[], $3::bytea[]) AS s (id, box)`, generation, ids, boxes)
	batch.Queue(`UPDATE key_generation SET current = $1`, generation)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write page table: %w", err)
	}
	return nil
}
