package keyring

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/fault"
)

// Rotate puts the page table under a new root key and destroys the old one.
func (r *Ring) Rotate(ctx context.Context) error {
	err := r.rotate(ctx, func(context.Context, pgx.Tx, *state) (bool, error) { return true, nil })
	if err != nil {
		return fmt.Errorf("rotate root key: %w", err)
	}
	return nil
}

// state is a page table in the clear, and what it is under.
type state struct {
	generation int64
	root       key
	pages      map[uuid.UUID]*key
}

// change alters the state that comes next, and reports whether there was anything
// to change: if not, there is no new root.
type change func(ctx context.Context, tx pgx.Tx, next *state) (bool, error)

// rotate is the order of the package's promise. Also where nothing changed, it ends
// what a rotation before it has left: the copy, and then the old root.
func (r *Ring) rotate(ctx context.Context, change change) error {
	return r.alone(ctx, func(conn *pgxpool.Conn) error {
		fault.Point("keyring.locked")
		if err := r.step("locked"); err != nil {
			return err
		}
		var now state
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) (err error) {
			now, err = r.underNewRoot(ctx, tx, change)
			return err
		})
		if err != nil {
			return err
		}
		r.table.replace(now.generation, now.root, now.pages)
		fault.Point("keyring.committed")
		if err := r.step("committed"); err != nil {
			return err
		}
		return r.finish(ctx, conn, now.generation)
	})
}

// alone holds the lock on a connection of its own from before a new root key is
// made until the old one is gone: nobody can take an unused root for a leftover
// while it is about to be used. It is a session lock, as the transaction ends
// before the old root does; it goes with the connection when the process dies.
func (r *Ring) alone(ctx context.Context, do func(*pgxpool.Conn) error) error {
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
	return do(conn)
}

// finish brings the second medium up to the generation that counts, and destroys
// every other root. While there is no copy, the old root stays.
func (r *Ring) finish(ctx context.Context, conn *pgxpool.Conn, generation int64) error {
	if err := r.copyBehind(ctx, conn, generation); err != nil {
		return err
	}
	fault.Point("keyring.copied")
	if err := r.step("copied"); err != nil {
		return err
	}
	if err := r.tidy(ctx, generation); err != nil {
		return err
	}
	fault.Point("keyring.destroyed")
	return r.step("destroyed")
}

// underNewRoot changes the pages and writes the page table under a new root; it
// returns what counts once tx has committed.
func (r *Ring) underNewRoot(ctx context.Context, tx pgx.Tx, change change) (now state, err error) {
	if now.generation, err = currentGeneration(ctx, tx); err != nil {
		return now, err
	}
	if now.root, err = r.root(ctx, now.generation); err != nil {
		return now, err
	}
	if now.pages, err = readTable(ctx, tx, now.generation, &now.root); err != nil {
		return now, err
	}
	next := state{generation: now.generation + 1, root: newKey(), pages: now.pages}
	changed, err := change(ctx, tx, &next)
	if err != nil || !changed {
		return now, err
	}
	if err := r.store.Put(ctx, next.generation, next.root[:]); err != nil {
		return now, err
	}
	fault.Point("keyring.put")
	if err := r.step("put"); err != nil {
		return now, err
	}
	if err := writeTable(ctx, tx, next.generation, &next.root, next.pages); err != nil {
		return now, err
	}
	fault.Point("keyring.table")
	return next, r.step("table")
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
