package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gallra.se/libs/pg"
	"gallra.se/libs/seal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ring is the keyring of one service.
type Ring struct {
	db     *pgxpool.Pool
	store  Keystore
	table  table
	making queue
	found  specials
	opener seal.Opener             // of boxes sealed to transport keys
	step   func(name string) error // tests stop a rotation here
}

// Open opens the keyring of a key database and its keystore, which it gives a
// first generation if both are empty, and removes what a crashed rotation left.
func Open(ctx context.Context, keyDB *pgxpool.Pool, ks Keystore) (*Ring, error) {
	r := &Ring{db: keyDB, store: ks, step: func(string) error { return nil }}
	err := pg.Tx(ctx, keyDB, func(tx pgx.Tx) error {
		if err := lockExclusive(ctx, tx); err != nil {
			return err
		}
		generation, err := r.ensureGeneration(ctx, tx)
		if err != nil {
			return err
		}
		return r.tidy(ctx, generation)
	})
	if err != nil {
		return nil, fmt.Errorf("open keyring: %w", err)
	}
	if _, err := r.load(ctx); err != nil {
		return nil, fmt.Errorf("open keyring: %w", err)
	}
	return r, nil
}

// ensureGeneration returns the current generation, whose root key it has seen.
func (r *Ring) ensureGeneration(ctx context.Context, tx pgx.Tx) (int64, error) {
	current, err := currentGeneration(ctx, tx)
	if err == nil {
		if _, err := r.store.Get(ctx, current); errors.Is(err, ErrNoKey) {
			return 0, fmt.Errorf("%w: the database is at generation %d", ErrKeystore, current)
		} else if err != nil {
			return 0, err
		}
		return current, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return 0, err
	}
	held, err := r.store.Generations(ctx)
	if err != nil {
		return 0, err
	}
	// A first start that crashed leaves generation 1; anything else is the
	// keystore of another database, whose keys must not be harmed.
	if len(held) > 1 || len(held) == 1 && held[0] != 1 {
		return 0, fmt.Errorf("%w: the database is empty, the keystore is not", ErrKeystore)
	}
	root := newKey()
	defer root.wipe()
	if err := r.store.Put(ctx, 1, root[:]); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO key_generation (current) VALUES (1)`); err != nil {
		return 0, fmt.Errorf("keep first generation: %w", err)
	}
	return 1, nil
}

// tidy destroys every root key but the current one. The caller holds the
// exclusive lock, so no rotation is under way: what is older was left by a crash
// after a commit, the next one by a crash before it.
func (r *Ring) tidy(ctx context.Context, current int64) error {
	held, err := r.store.Generations(ctx)
	if err != nil {
		return err
	}
	if n := len(held); n > 0 && held[n-1] > current+1 {
		return fmt.Errorf("%w: the database is at generation %d, the keystore at %d", ErrKeystore, current, held[n-1])
	}
	if !slices.Contains(held, current) {
		return fmt.Errorf("%w: the keystore lacks generation %d", ErrKeystore, current)
	}
	for _, generation := range held {
		if generation == current {
			continue
		}
		if err := r.store.Destroy(ctx, generation); err != nil {
			return err
		}
	}
	return nil
}

// load reads the page table of the current generation into memory, unless it is
// there, and returns the generation. A rotation may overtake it and destroy the
// root that it was about to use: then it looks again.
func (r *Ring) load(ctx context.Context) (int64, error) {
	for attempt := 0; ; attempt++ {
		generation, err := r.loadOnce(ctx)
		if err == nil || attempt == 4 || !errors.Is(err, ErrNoKey) {
			return generation, err
		}
	}
}

// keepUp takes over what another process has rotated to. What it destroyed is refused
// anyway; here the keys of before leave this process's memory too, though it be idle.
func (r *Ring) keepUp(ctx context.Context) error {
	generation, err := currentGeneration(ctx, r.db)
	if err != nil {
		return err
	}
	if _, held := r.table.rootOf(generation); held {
		return nil
	}
	_, err = r.load(ctx)
	return err
}

func (r *Ring) loadOnce(ctx context.Context) (generation int64, err error) {
	err = pgx.BeginTxFunc(ctx, r.db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if generation, err = currentGeneration(ctx, tx); err != nil {
			return err
		}
		_, _, err = r.loadIn(ctx, tx, generation, uuid.Nil)
		return err
	})
	return generation, err
}

// loadIn reads the page table as db sees it, and the key of one page in it.
func (r *Ring) loadIn(ctx context.Context, db querier, generation int64, wanted uuid.UUID) (k key, found bool, err error) {
	root, err := r.root(ctx, generation)
	if err != nil {
		return key{}, false, err
	}
	pages, err := readTable(ctx, db, generation, &root)
	if err != nil {
		return key{}, false, err
	}
	if p := pages[wanted]; p != nil {
		k, found = *p, true
	}
	r.table.replace(generation, root, pages)
	return k, found, nil
}

func (r *Ring) root(ctx context.Context, generation int64) (key, error) {
	if root, ok := r.table.rootOf(generation); ok {
		return root, nil
	}
	raw, err := r.store.Get(ctx, generation)
	if err != nil {
		return key{}, err
	}
	defer clear(raw)
	if len(raw) != keySize {
		return key{}, fmt.Errorf("root key %d has %d bytes: %w", generation, len(raw), ErrKeystore)
	}
	return key(raw), nil
}

// pageKey is the key of a page as of generation; a page that is not in memory
// was made by another process.
func (r *Ring) pageKey(ctx context.Context, db querier, generation int64, id uuid.UUID) (key, error) {
	if k, ok := r.table.page(generation, id); ok {
		return k, nil
	}
	k, found, err := r.loadIn(ctx, db, generation, id)
	if err != nil || found {
		return k, err
	}
	return key{}, fmt.Errorf("page %s is not in the page table of generation %d: %w", id, generation, ErrKeystore)
}

func currentGeneration(ctx context.Context, db querier) (current int64, err error) {
	if err := db.QueryRow(ctx, `SELECT current FROM key_generation`).Scan(&current); err != nil {
		return 0, fmt.Errorf("read generation: %w", err)
	}
	return current, nil
}

// The lock of a key database: any constant, as nothing else locks there but
// migrations, which have another.
const lockID = 0x67616c6c7261 // "gallra"

func lockShared(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock_shared($1)`, int64(lockID))
	return err
}

func lockExclusive(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(lockID))
	return err
}
