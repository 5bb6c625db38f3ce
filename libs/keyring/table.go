package keyring

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// table is the page table in memory, as of one generation. A page key changes
// only together with the generation; a page that is missing was made by another
// process since.
type table struct {
	mu         sync.RWMutex
	generation int64
	root       key
	pages      map[uuid.UUID]*key
}

// shelfSize bounds how many page keys one row of the page table holds. New
// pages get a row each; a rotation packs them.
const shelfSize = 256

const entrySize = 16 + keySize

func (t *table) page(generation int64, id uuid.UUID) (key, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if found := t.pages[id]; found != nil && t.generation == generation {
		return *found, true
	}
	return key{}, false
}

// latest is for pages whose key never changes.
func (t *table) latest(id uuid.UUID) (key, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if found := t.pages[id]; found != nil {
		return *found, true
	}
	return key{}, false
}

func (t *table) rootOf(generation int64) (key, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.root, t.generation == generation && generation != 0
}

// add tells of pages that this process made.
func (t *table) add(generation int64, made map[uuid.UUID]key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.generation != generation {
		return
	}
	for id, k := range made {
		t.pages[id] = &k
	}
}

// replace takes over another state and wipes this one. An older one is ignored.
func (t *table) replace(generation int64, root key, pages map[uuid.UUID]*key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if generation < t.generation {
		return
	}
	t.root.wipe()
	for _, k := range t.pages {
		k.wipe()
	}
	t.generation, t.root, t.pages = generation, root, pages
}

// shelves encrypts pages under root as rows of the page table.
func shelves(generation int64, root *key, pages map[uuid.UUID]*key) (ids []uuid.UUID, boxes [][]byte) {
	order := make([]uuid.UUID, 0, len(pages))
	for id := range pages {
		order = append(order, id)
	}
	slices.SortFunc(order, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for part := range slices.Chunk(order, shelfSize) {
		shelf := uuid.New()
		plain := make([]byte, 0, len(part)*entrySize)
		for _, id := range part {
			plain = append(append(plain, id[:]...), pages[id][:]...)
		}
		ids, boxes = append(ids, shelf), append(boxes, root.seal(plain, shelfAAD(shelf, generation)))
		clear(plain)
	}
	return ids, boxes
}

// unpack decrypts one shelf into pages.
func unpack(root *key, shelf uuid.UUID, generation int64, box []byte, pages map[uuid.UUID]*key) error {
	plain, err := root.open(box, shelfAAD(shelf, generation))
	if err != nil {
		return fmt.Errorf("open shelf %s of generation %d: %w", shelf, generation, err)
	}
	for entry := range slices.Chunk(plain, entrySize) {
		k := key(entry[16:])
		pages[uuid.UUID(entry[:16])] = &k
	}
	clear(plain)
	return nil
}

func shelfAAD(shelf uuid.UUID, generation int64) []byte {
	return bind([]byte("shelf"), shelf[:], binary.BigEndian.AppendUint64(nil, uint64(generation)))
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// readTable reads and decrypts the whole page table, all of whose rows must be
// of the one generation.
func readTable(ctx context.Context, db querier, generation int64, root *key) (map[uuid.UUID]*key, error) {
	rows, err := db.Query(ctx, `SELECT id, generation, box FROM key_shelf`)
	if err != nil {
		return nil, fmt.Errorf("read page table: %w", err)
	}
	defer rows.Close()
	pages := map[uuid.UUID]*key{}
	for rows.Next() {
		var shelf uuid.UUID
		var of int64
		var box []byte
		if err := rows.Scan(&shelf, &of, &box); err != nil {
			return nil, fmt.Errorf("read page table: %w", err)
		}
		if of != generation {
			return nil, fmt.Errorf("page table row of generation %d, not %d: %w", of, generation, ErrKeystore)
		}
		if err := unpack(root, shelf, of, box, pages); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read page table: %w", err)
	}
	return pages, nil
}
