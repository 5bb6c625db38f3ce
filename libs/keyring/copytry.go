package keyring

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/uuid"
)

// tried is how many units and entries of a copy are opened. All rows are read.
const tried = 64

// tryCopy reads what was written and opens it under the root key: the page table,
// which must be that of the pages, and some of the units and entries.
func tryCopy(dir string, files []copyFile, generation int64, root *key) error {
	pages, listed := map[uuid.UUID]*key{}, 0
	tries := map[string]func(at map[string][]byte) error{
		"key_shelf": func(at map[string][]byte) error { return tryShelf(at, generation, root, pages) },
		"key_page":  func(map[string][]byte) error { listed++; return nil },
	}
	if err := tryTables(dir, files, tries); err != nil {
		return err
	}
	if listed != len(pages) {
		return fmt.Errorf("%w: %d pages, and keys of %d", ErrCopy, listed, len(pages))
	}
	units, entries := 0, 0
	return tryTables(dir, files, map[string]func(at map[string][]byte) error{
		"key_unit":   func(at map[string][]byte) error { return tryUnit(at, pages, &units) },
		"key_lookup": func(at map[string][]byte) error { return tryEntry(at, pages, &entries) },
	})
}

// tryTables reads files and gives each row to the try of its table.
func tryTables(dir string, files []copyFile, tries map[string]func(at map[string][]byte) error) error {
	for _, file := range files {
		try := tries[file.Table]
		if try == nil {
			continue
		}
		if err := file.read(dir, try); err != nil {
			return fmt.Errorf("try copy of %s: %w", file.Table, err)
		}
	}
	return nil
}

// read gives the file's rows, by column, and compares count and digest.
func (f *copyFile) read(dir string, row func(at map[string][]byte) error) error {
	file, err := os.Open(filepath.Join(dir, f.Name))
	if err != nil {
		return err
	}
	defer file.Close()
	digest, rows := sha256.New(), int64(0)
	from := newRowReader(io.TeeReader(file, digest), len(f.Columns))
	at := make(map[string][]byte, len(f.Columns))
	for {
		fields, err := from.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		for i, column := range f.Columns {
			at[column] = fields[i]
		}
		if err := row(at); err != nil {
			return err
		}
		rows++
	}
	if rows != f.Rows || hex.EncodeToString(digest.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%w: %s is not what was written", ErrCopy, f.Name)
	}
	return nil
}

func tryShelf(at map[string][]byte, generation int64, root *key, pages map[uuid.UUID]*key) error {
	shelf, err := uuid.FromBytes(at["id"])
	if err != nil || len(at["generation"]) != 8 || int64(binary.BigEndian.Uint64(at["generation"])) != generation {
		return fmt.Errorf("%w: a shelf of another generation than %d", ErrCopy, generation)
	}
	return unpack(root, shelf, generation, at["box"], pages)
}

func tryUnit(at map[string][]byte, pages map[uuid.UUID]*key, opened *int) error {
	if at["page"] == nil || *opened == tried {
		return nil
	}
	*opened++
	row, page, err := tryRow(at, pages)
	if err != nil {
		return err
	}
	unit := unitRow{ref: UnitRef{Authority: string(at["authority"]), ID: row}, page: &page, wrapped: at["wrapped"], fresh: at["fresh"]}
	_, _, err = unit.open(pages[page])
	return err
}

func tryEntry(at map[string][]byte, pages map[uuid.UUID]*key, opened *int) error {
	if at["page"] == nil || *opened == tried {
		return nil
	}
	*opened++
	unit, page, err := tryRow(at, pages)
	if err != nil {
		return err
	}
	bucket := newBucket(page, pages[page])
	e := entry{authority: string(at["authority"]), purpose: string(at["purpose"]), unit: unit, sealed: slices.Clone(at["sealed"])}
	f, err := bucket.open(&e)
	if err == nil && !slices.Equal(bucket.digest(f), at["mac"]) {
		err = fmt.Errorf("%w: an entry is not where its value is looked for", ErrCopy)
	}
	return err
}

func tryRow(at map[string][]byte, pages map[uuid.UUID]*key) (unit, page uuid.UUID, err error) {
	unit, err = uuid.FromBytes(at["unit"])
	if err != nil {
		return unit, page, fmt.Errorf("%w: a unit without an id", ErrCopy)
	}
	if page, err = uuid.FromBytes(at["page"]); err != nil || pages[page] == nil {
		return unit, page, fmt.Errorf("%w: a unit on no page", ErrCopy)
	}
	return unit, page, nil
}
