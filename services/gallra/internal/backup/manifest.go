package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"gallra.se/libs/strict"
)

// Format is what a manifest says it is.
const Format = "gallra-backup/1"

// Manifest says what a piece consists of. It names everything; what it does not name is no part of the piece.
type Manifest struct {
	Format     string     `json:"format"`
	Piece      Piece      `json:"piece"`
	ID         string     `json:"id"`
	TakenAt    time.Time  `json:"takenAt"`    // UTC, the machine's time
	BusinessAt time.Time  `json:"businessAt"` // UTC, the time that periods are counted in
	Checkpoint Checkpoint `json:"checkpoint"` // the newest of the ledger then
	Databases  []Database `json:"databases,omitempty"`
	Files      []File     `json:"files"`
}

// Checkpoint is the ledger's signed word about its log; Size is 0 and Note empty before the first.
type Checkpoint struct {
	Size int64  `json:"size"`
	Note string `json:"note,omitempty"`
}

// Database is one database of a piece.
type Database struct {
	Name      string           `json:"name"`
	Versions  map[string]int64 `json:"versions"` // version table → migration
	Tables    []Table          `json:"tables"`
	Sequences []Sequence       `json:"sequences,omitempty"`
}

// Table is one table: its rows are in the file DATABASE/NAME.copy, in PostgreSQL's binary form.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Sequence is where a column's numbers stand.
type Sequence struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	Last   int64  `json:"last"`
	Called bool   `json:"called"`
}

// File is one file of the piece, by its path with slashes.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const manifestName = "manifest.json"

// Whatever is wrong with a backup; what it is stands before it.
var ErrBackup = errors.New("this is no whole backup: take another copy of it")

// maxManifest is far above what a thousand tables take, in bytes.
const maxManifest = 4 << 20

var (
	word   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	digest = regexp.MustCompile(`^[0-9a-f]{64}$`)
	name   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
)

// DecodeManifest reads a manifest and believes nothing of it: names are names and lead nowhere else.
func DecodeManifest(raw []byte) (Manifest, error) {
	var m Manifest
	if len(raw) > maxManifest {
		return m, fmt.Errorf("manifest of more than %d bytes: %w", maxManifest, ErrBackup)
	}
	var kind struct {
		Format string `json:"format"`
	}
	if json.Unmarshal(raw, &kind) == nil && kind.Format != Format {
		return m, fmt.Errorf("manifest of format %.40q, this gallra reads %s: %w", kind.Format, Format, ErrBackup)
	}
	if err := strict.Decode(raw, &m); err != nil {
		return m, fmt.Errorf("read manifest: %w: %w", err, ErrBackup)
	}
	if reason := m.fault(); reason != "" {
		return m, fmt.Errorf("manifest: %s: %w", reason, ErrBackup)
	}
	return m, nil
}

func (m Manifest) fault() string {
	switch {
	case !slices.Contains(Pieces(), m.Piece):
		return "of an unknown piece"
	case !idLike.MatchString(m.ID):
		return "its id is none"
	case m.TakenAt.IsZero() || m.BusinessAt.IsZero():
		return "without a time"
	case m.Checkpoint.Size < 0 || (m.Checkpoint.Size > 0) != (m.Checkpoint.Note != ""):
		return "its checkpoint is none"
	}
	files := map[string]bool{}
	for _, f := range m.Files {
		dir, base := path.Split(f.Path)
		if !name.MatchString(base) || !name.MatchString(path.Clean(dir)) || path.Clean(f.Path) != f.Path || files[f.Path] || f.Size < 0 || !digest.MatchString(f.SHA256) {
			return "a file has no plain path, size and digest of its own"
		}
		files[f.Path] = true
	}
	return m.databasesFault(files)
}

func (m Manifest) databasesFault(files map[string]bool) string {
	for i, d := range m.Databases {
		if !slices.Contains(databases[m.Piece], d.Name) || slices.ContainsFunc(m.Databases[:i], func(o Database) bool { return o.Name == d.Name }) {
			return "a database does not belong to the piece, or is there twice"
		}
		for table, version := range d.Versions {
			if !word.MatchString(table) || version < 0 {
				return "a version table is none"
			}
		}
		for j, t := range d.Tables {
			plain := word.MatchString(t.Name) && len(t.Columns) > 0 && !slices.ContainsFunc(t.Columns, func(c string) bool { return !word.MatchString(c) })
			if !plain || t.Rows < 0 || slices.ContainsFunc(d.Tables[:j], func(o Table) bool { return o.Name == t.Name }) || !files[d.Name+"/"+t.Name+".copy"] {
				return "a table is none, is there twice, or is without its file"
			}
		}
		for _, s := range d.Sequences {
			if !word.MatchString(s.Table) || !word.MatchString(s.Column) || s.Last < 1 {
				return "a sequence is none"
			}
		}
	}
	return ""
}

// ReadManifest reads the manifest of the piece in a folder.
func ReadManifest(dir string) (Manifest, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Manifest{}, fmt.Errorf("open backup %s: %w", dir, err)
	}
	defer root.Close()
	file, err := root.Open(manifestName)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s has no manifest: %w", dir, ErrBackup)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest of %s: %w", dir, err)
	}
	m, err := DecodeManifest(raw)
	if err != nil {
		return m, fmt.Errorf("%s: %w", filepath.Base(dir), err)
	}
	return m, nil
}
