package keyring

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// tables are those of the key database.
func (h home) tables(t *testing.T) (names []string) {
	t.Helper()
	must(t, pgx.BeginFunc(t.Context(), h.db, func(tx pgx.Tx) error {
		tables, err := copyTables(t.Context(), tx)
		for _, table := range tables {
			names = append(names, table.name)
		}
		return err
	}))
	return names
}

// copyOf is every row of a key database, as a backup has them.
func (h home) copyOf(t *testing.T) map[string][]byte {
	t.Helper()
	conn, err := h.db.Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	all := map[string][]byte{}
	for _, name := range h.tables(t) {
		var rows bytes.Buffer
		_, err := conn.Conn().PgConn().CopyTo(t.Context(), &rows, "COPY "+name+" TO STDOUT")
		must(t, err)
		all[name] = rows.Bytes()
	}
	return all
}

func (h home) restore(t *testing.T, all map[string][]byte) {
	t.Helper()
	conn, err := h.db.Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	for name := range all {
		_, err := conn.Exec(t.Context(), "DELETE FROM "+name)
		must(t, err)
		_, err = conn.Conn().PgConn().CopyFrom(t.Context(), bytes.NewReader(all[name]), "COPY "+name+" FROM STDIN")
		must(t, err)
	}
}

// TestNoCopyOfTheKeyDatabaseOpensWhatWasDestroyedAfterIt takes a copy, destroys,
// and then tries the copy with the keystore of today in every way there is: as a
// whole, row by row beside today's rows, and every shelf with every root key.
func TestNoCopyOfTheKeyDatabaseOpensWhatWasDestroyedAfterIt(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	var goes []UnitRef
	boxes := map[UnitRef][]byte{}
	for i := range 30 {
		rule := Shared("person")
		if i%3 == 0 {
			rule = ByDay("contact.chat", "2024-01-31")
		}
		ref, box := sealed(t, ring, rule)
		boxes[ref] = box
		if i%2 == 0 || i%3 == 0 {
			goes = append(goes, ref)
		}
	}
	before := home.copyOf(t)
	must(t, ring.Destroy(t.Context(), goes))
	opened := 0

	// Row by row: the old unit rows beside today's page table.
	today := home.copyOf(t)
	mixed := maps.Clone(today)
	mixed["key_unit"] = before["key_unit"]
	home.restore(t, mixed)
	patched := home.open(t)
	for _, ref := range goes {
		if opens(patched, ref, boxes[ref]) == nil {
			opened++
		}
	}

	// As a whole: the old database with the keystore of today.
	home.restore(t, before)
	if _, err := Open(t.Context(), home.db, home.store); !errors.Is(err, ErrKeystore) {
		t.Errorf("open the copy: %v", err)
	}
	opened += home.shelvesThatOpen(t)
	if opened != 0 {
		t.Fatalf("%d destroyed units opened", opened)
	}

	// The neighbours live on in the database of today.
	home.restore(t, today)
	ring = home.open(t)
	for ref, box := range boxes {
		if err := opens(ring, ref, box); err != nil && !errors.Is(err, ErrDestroyed) {
			t.Errorf("unit %s: %v", ref.ID, err)
		}
	}
}

// shelvesThatOpen tries every shelf under every root key that is held, also as
// if it were of another generation.
func (h home) shelvesThatOpen(t *testing.T) (opened int) {
	held, err := h.store.Generations(t.Context())
	must(t, err)
	rows, err := h.db.Query(t.Context(), `SELECT id, generation, box FROM key_shelf`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var shelf uuid.UUID
		var of int64
		var box []byte
		must(t, rows.Scan(&shelf, &of, &box))
		for _, generation := range held {
			raw, err := h.store.Get(context.Background(), generation)
			must(t, err)
			root := key(raw)
			for _, as := range []int64{of, generation} {
				if unpack(&root, shelf, as, box, map[uuid.UUID]*key{}) == nil {
					opened++
				}
			}
		}
	}
	return opened
}
