package keyring

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/strict"
)

const (
	copyFormat   = 1
	manifestName = "manifest.json"
	manifestMost = 1 << 20 // bytes
)

// manifest says what a copy is made of. What it does not name does not count.
type manifest struct {
	Format     int        `json:"format"`
	Home       uuid.UUID  `json:"home"` // the key database
	Generation int64      `json:"generation"`
	At         time.Time  `json:"at"`    // UTC, machine's time
	Files      []copyFile `json:"files"` // in the order in which they are read
}

// copyFile is the rows of one table in PostgreSQL's binary COPY format: all of
// them, or those that changed in generation Since and later.
type copyFile struct {
	Name    string   `json:"name"`
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Since   int64    `json:"since"`
	Rows    int64    `json:"rows"`
	Bytes   int64    `json:"bytes"`
	SHA256  string   `json:"sha256"` // hexadecimal
}

// CopyInfo is what there is to say about a copy.
type CopyInfo struct {
	Generation int64
	At         time.Time // UTC, machine's time
	Bytes      int64
}

// CopyIn tells of the copy in dir; fs.ErrNotExist if there is none.
func CopyIn(dir string) (CopyInfo, error) {
	m, err := readManifest(dir)
	if err != nil {
		return CopyInfo{}, err
	}
	info := CopyInfo{Generation: m.Generation, At: m.At}
	for _, file := range m.Files {
		info.Bytes += file.Bytes
	}
	return info, nil
}

func readManifest(dir string) (*manifest, error) {
	file, err := os.Open(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, manifestMost+1))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	return parseManifest(text)
}

var (
	copyName   = regexp.MustCompile(`^key_[a-z_]{1,40}-[0-9]{1,19}-[0-9a-f]{16}$`)
	columnName = regexp.MustCompile(`^[a-z_]{1,40}$`)
	tableName  = regexp.MustCompile(`^key_[a-z_]{1,40}$`)
	digestText = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// parseManifest believes nothing: names lead to no other directory, and columns into
// no statement.
func parseManifest(text []byte) (*manifest, error) {
	if len(text) > manifestMost {
		return nil, fmt.Errorf("%w: its manifest is too large", ErrCopy)
	}
	var m manifest
	if err := strict.Decode(text, &m); err != nil {
		return nil, fmt.Errorf("%w: its manifest is not legible: %w", ErrCopy, err)
	}
	if m.Format != copyFormat {
		return nil, fmt.Errorf("%w: its format is %d; this program reads %d", ErrCopy, m.Format, copyFormat)
	}
	if m.Home == uuid.Nil || m.Generation < 1 {
		return nil, fmt.Errorf("%w: its manifest names no key database or no generation", ErrCopy)
	}
	names := map[string]bool{}
	for i, file := range m.Files {
		if !file.plausible(m.Generation) || names[file.Name] {
			return nil, fmt.Errorf("%w: entry %d of its manifest is not one of a file", ErrCopy, i+1)
		}
		names[file.Name] = true
	}
	return &m, nil
}

func (f *copyFile) plausible(generation int64) bool {
	return copyName.MatchString(f.Name) && tableName.MatchString(f.Table) && digestText.MatchString(f.SHA256) &&
		len(f.Columns) > 0 && !slices.ContainsFunc(f.Columns, func(c string) bool { return !columnName.MatchString(c) }) &&
		f.Since >= 0 && f.Since <= generation && f.Rows >= 0 && f.Bytes >= 0
}

// Increments are made anew as a base when they have become larger than it, or many.
const incrementsMost = 48

// parts are the files of a table that a new one adds to, and since which generation
// the new one has to tell. small is the base's size below which there is no adding.
func (m *manifest) parts(table string, small int64) (kept []copyFile, since int64) {
	if !incremental(table) {
		return nil, 0
	}
	var base, more int64
	for _, file := range m.Files {
		if file.Table != table || file.Since >= m.Generation {
			continue // what it tells the new one tells too
		}
		if kept = append(kept, file); file.Since == 0 {
			base = file.Bytes
		} else {
			more += file.Bytes
		}
	}
	if len(kept) == 0 || len(kept) > incrementsMost || base < small || more > base {
		return nil, 0
	}
	return kept, m.Generation
}

// damaged looks whether all files are there, and thoroughly what is in them.
func (m *manifest) damaged(dir string, thoroughly bool) bool {
	for _, file := range m.Files {
		path := filepath.Join(dir, file.Name)
		about, err := os.Lstat(path)
		if err != nil || !about.Mode().IsRegular() || about.Size() != file.Bytes {
			return true
		}
		if thoroughly && file.check(dir) != nil {
			return true
		}
	}
	return false
}

// check reads the file and compares its digest.
func (f *copyFile) check(dir string) error {
	file, err := os.Open(filepath.Join(dir, f.Name))
	if err != nil {
		return fmt.Errorf("read copy: %w", err)
	}
	defer file.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return fmt.Errorf("read copy: %w", err)
	}
	if hex.EncodeToString(digest.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%w: %s is not what was written", ErrCopy, f.Name)
	}
	return nil
}

// write makes the manifest the one that counts, and reads it back.
func (m *manifest) write(dir string) error {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	draft := filepath.Join(dir, manifestName+".new")
	if err := writeSynced(draft, text, os.O_CREATE|os.O_TRUNC); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := os.Rename(draft, filepath.Join(dir, manifestName)); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := syncCopies(dir); err != nil {
		return err
	}
	read, err := readManifest(dir)
	if err != nil {
		return err
	}
	again, err := json.MarshalIndent(read, "", " ")
	if err != nil || !bytes.Equal(text, again) {
		return fmt.Errorf("%w: the manifest is not what was written", ErrCopy)
	}
	return nil
}

// removeOthers removes files of copies that the manifest does not name.
func (m *manifest) removeOthers(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list copies: %w", err)
	}
	for _, entry := range entries {
		named := slices.ContainsFunc(m.Files, func(f copyFile) bool { return f.Name == entry.Name() })
		if named || !copyName.MatchString(entry.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
			return fmt.Errorf("remove old copy: %w", err)
		}
	}
	return syncCopies(dir)
}

func newCopyName(table string, generation int64) string {
	var tail [8]byte
	rand.Read(tail[:])
	return fmt.Sprintf("%s-%d-%s", table, generation, hex.EncodeToString(tail[:]))
}

func makeCopyDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make directory of copies: %w", err)
	}
	return nil
}

func syncCopies(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open directory of copies: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync directory of copies: %w", err)
	}
	return nil
}
