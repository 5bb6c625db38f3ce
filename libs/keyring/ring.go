package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"gallra.se/libs/fault"
	"gallra.se/libs/seal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ring is the keyring of one service.
type Ring struct {
	db      *pgxpool.Pool
	store   Keystore
	table   table
	making  queue
	found   specials
	indexes indexes
	opener  seal.Opener             // of boxes sealed to transport keys
	step    func(name string) error // tests stop a rotation here

	copies   string // the second medium's directory, or ""
	copyBase int64  // bytes below which a table is copied whole
	copySeen atomic.Bool
}

// Open opens the keyring of a key database and its keystore, which it gives a
// first generation if both are empty, and ends what a crashed rotation left.
func Open(ctx context.Context, keyDB *pgxpool.Pool, ks Keystore, options ...Option) (*Ring, error) {
	r := &Ring{db: keyDB, store: ks, step: func(string) error { return nil }, copyBase: 1 << 16}
	for _, option := range options {
		option(r)
	}
	err := r.alone(ctx, func(conn *pgxpool.Conn) error {
		generation, err := r.ensureGeneration(ctx, conn)
		if err != nil {
			return err
		}
		return r.finish(ctx, conn, generation)
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
func (r *Ring) ensureGeneration(ctx context.Context, conn *pgxpool.Conn) (int64, error) {
	current, err := currentGeneration(ctx, conn)
	if errors.Is(err, pgx.ErrNoRows) {
		return 1, r.firstGeneration(ctx, conn)
	}
	if err != nil {
		return 0, err
	}
	if _, err := r.store.Get(ctx, current); errors.Is(err, ErrNoKey) {
		return 0, fmt.Errorf("%w: the database is at generation %d", ErrKeystore, current)
	} else if err != nil {
		return 0, err
	}
	if _, err := conn.Exec(ctx, `UPDATE key_generation SET home = $1 WHERE home IS NULL`, uuid.New()); err != nil {
		return 0, fmt.Errorf("name key database: %w", err)
	}
	return current, nil
}

func (r *Ring) firstGeneration(ctx context.Context, conn *pgxpool.Conn) error {
	held, err := r.store.Generations(ctx)
	if err != nil {
		return err
	}
	// A first start that crashed leaves generation 1; anything else is the
	// keystore of another database, whose keys must not be harmed.
	if len(held) > 1 || len(held) == 1 && held[0] != 1 {
		return fmt.Errorf("%w: the database is empty, the keystore is not", ErrKeystore)
	}
	root := newKey()
	defer root.wipe()
	if err := r.store.Put(ctx, 1, root[:]); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `INSERT INTO key_generation (current, home) VALUES (1, $1)`, uuid.New()); err != nil {
		return fmt.Errorf("keep first generation: %w", err)
	}
	return nil
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
		if generation == current || fault.Off("keyring.tidy") {
			continue
		}
		if err := r.store.Destroy(ctx, generation); err != nil {
			return err
		}
	}
	return nil
}

// load reads the page table of the current generation into memory, unless it is
// there, and returns the generation.
func (r *Ring) load(ctx context.Context) (generation int64, err error) {
	err = overtaken(ctx, func() (int64, error) {
		generation, err = r.loadOnce(ctx)
		return generation, err
	})
	return generation, err
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
	if errors.Is(err, ErrBox) { // the key may have been overwritten while it was read
		if _, gone := r.store.Get(ctx, generation); errors.Is(gone, ErrNoKey) {
			err = gone
		}
	}
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
