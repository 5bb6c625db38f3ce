package backup

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// whole is a manifest with one of everything.
func whole() Manifest {
	return Manifest{Format: Format, Piece: Data, ID: "20260215T020000.000000Z", TakenAt: time.Date(2026, 2, 15, 2, 0, 0, 0, time.UTC),
		BusinessAt: time.Date(2026, 2, 15, 2, 0, 0, 0, time.UTC), Checkpoint: Checkpoint{Size: 3, Note: "note"},
		Databases: []Database{{Name: "intake", Versions: map[string]int64{"intake_version": 6}, Tables: []Table{{Name: "contact", Columns: []string{"id"}, Rows: 2}},
			Sequences: []Sequence{{Table: "contact", Column: "id", Last: 7, Called: true}}}},
		Files: []File{{Path: "intake/contact.copy", Size: 12, SHA256: strings.Repeat("0a", 32)}}}
}

func TestAManifestIsBelievedOnlyWhereEverythingInItIsPlain(t *testing.T) {
	t.Parallel()
	raw := func(m Manifest) []byte {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	read, err := DecodeManifest(raw(whole()))
	if err != nil || !cmp.Equal(read, whole()) {
		t.Fatalf("%v %s", err, cmp.Diff(read, whole()))
	}
	for name, damage := range map[string]func(*Manifest){
		"another format":         func(m *Manifest) { m.Format = "gallra-backup/2" },
		"an unknown piece":       func(m *Manifest) { m.Piece = "everything" },
		"an id that leads away":  func(m *Manifest) { m.ID = "../../keys/20260215T020000.000000Z" },
		"no time":                func(m *Manifest) { m.TakenAt = time.Time{} },
		"half a checkpoint":      func(m *Manifest) { m.Checkpoint.Note = "" },
		"a path upwards":         func(m *Manifest) { m.Files[0].Path = "../contact.copy" },
		"a path upwards inside":  func(m *Manifest) { m.Files[0].Path = "intake/../../x.copy" },
		"a path from the root":   func(m *Manifest) { m.Files[0].Path = "/etc/passwd" },
		"a path of another sort": func(m *Manifest) { m.Files[0].Path = `intake\contact.copy` },
		"a hidden file":          func(m *Manifest) { m.Files[0].Path = "intake/.contact" },
		"a deep path":            func(m *Manifest) { m.Files[0].Path = "intake/more/contact.copy" },
		"a file twice":           func(m *Manifest) { m.Files = append(m.Files, m.Files[0]) },
		"a negative size":        func(m *Manifest) { m.Files[0].Size = -1 },
		"no digest":              func(m *Manifest) { m.Files[0].SHA256 = "" },
		"a foreign database":     func(m *Manifest) { m.Databases[0].Name = "ledger" },
		"a database twice":       func(m *Manifest) { m.Databases = append(m.Databases, m.Databases[0]) },
		"a table with a quote":   func(m *Manifest) { m.Databases[0].Tables[0].Name = `contact"; DROP TABLE person; --` },
		"a column with a quote":  func(m *Manifest) { m.Databases[0].Tables[0].Columns[0] = `id"` },
		"a table without a file": func(m *Manifest) { m.Databases[0].Tables[0].Name = "tombstone" },
		"a table twice":          func(m *Manifest) { d := &m.Databases[0]; d.Tables = append(d.Tables, d.Tables[0]) },
		"negative rows":          func(m *Manifest) { m.Databases[0].Tables[0].Rows = -1 },
		"a version of nothing":   func(m *Manifest) { m.Databases[0].Versions["a b"] = 1 },
		"a sequence of nothing":  func(m *Manifest) { m.Databases[0].Sequences[0].Last = 0 },
	} {
		m := whole()
		damage(&m)
		if _, err := DecodeManifest(raw(m)); !errors.Is(err, ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "{", "a list": "[]", "more": string(raw(whole())) + "x", "an unknown field": `{"format":"gallra-backup/1","extra":1}`,
		"too much": strings.Repeat(" ", maxManifest+1),
	} {
		if _, err := DecodeManifest([]byte(text)); !errors.Is(err, ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzManifest: whatever is believed leads nowhere else, and is read as it is written.
func FuzzManifest(f *testing.F) {
	seed, err := json.Marshal(whole())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"format":"gallra-backup/1"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := DecodeManifest(raw)
		if err != nil {
			return
		}
		for _, file := range m.Files {
			if !filepath.IsLocal(filepath.FromSlash(file.Path)) || strings.Count(file.Path, "/") != 1 {
				t.Errorf("a path leads away: %q", file.Path)
			}
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeManifest(text)
		if err != nil || !cmp.Equal(again, m) {
			t.Errorf("%v %s", err, cmp.Diff(again, m))
		}
	})
}
