package keyring

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// FuzzRowsOfACopy: whatever a file holds, its reader ends, with io.EOF or ErrCopy, and gives rows of the right width.
func FuzzRowsOfACopy(f *testing.F) {
	row := append([]byte{0, 2, 0, 0, 0, 3}, "abc\xff\xff\xff\xff"...)
	whole := append(append([]byte(copySignature), 0, 0, 0, 0, 0, 0, 0, 0), row...)
	f.Add(append(bytes.Clone(whole), 0xff, 0xff))
	f.Add(whole)
	f.Add([]byte(copySignature))
	f.Add(append(bytes.Clone(whole), 0, 2, 0x7f, 0xff, 0xff, 0xff))
	f.Add(append(bytes.Clone(whole), 0xff, 0xff, 0))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows := newRowReader(bytes.NewReader(text), 2)
		for {
			fields, err := rows.next()
			if errors.Is(err, io.EOF) || errors.Is(err, ErrCopy) {
				return
			}
			if err != nil || len(fields) != 2 {
				t.Fatalf("%d fields, %v", len(fields), err)
			}
		}
	})
}

// FuzzManifest: what is taken for a manifest names files in its own directory and tables of a key database only.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"home":"00000000-0000-0000-0000-000000000001","generation":3,"at":"2026-01-01T00:00:00Z","files":[]}`))
	f.Add([]byte(`{"format":1,"home":"00000000-0000-0000-0000-000000000001","generation":3,"files":[{"name":"../x","table":"key_unit"}]}`))
	f.Add([]byte(`{"format":1,"files":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest(text)
		if err != nil {
			if !errors.Is(err, ErrCopy) {
				t.Fatal(err)
			}
			return
		}
		for _, file := range m.Files {
			if filepath.Base(file.Name) != file.Name || !tableName.MatchString(file.Table) {
				t.Fatalf("it names %q of %q", file.Name, file.Table)
			}
		}
		if m.damaged(t.TempDir(), true) != (len(m.Files) > 0) {
			t.Fatal("files that are not there are in order")
		}
	})
}

// FuzzBox: no box but a unit's own opens, and nothing that is no box is re-wrapped.
func FuzzBox(f *testing.F) {
	fresh := newSecret()
	next := fresh.successor()
	unit, stranger := newUnit(ref(), fresh), newUnit(ref(), newSecret())
	renewed := newUnit(unit.Ref, next)
	renewed.old = &unit.wrap
	box, err := stranger.Seal(aadOf(unit.Ref), []byte("not yours"))
	must(f, err)
	f.Add(box)
	f.Add(box[:40])
	f.Add([]byte{boxVersion})
	f.Fuzz(func(t *testing.T, box []byte) {
		for _, u := range []*Unit{unit, renewed} {
			if _, err := u.Open(aadOf(u.Ref), box); !errors.Is(err, ErrBox) {
				t.Fatalf("opened: %v", err)
			}
			if _, err := u.Rewrap(aadOf(u.Ref), box); !errors.Is(err, ErrBox) {
				t.Fatalf("re-wrapped: %v", err)
			}
		}
	})
}

// TestTheRowsThatPostgreSQLWritesAreRead has null fields and empty ones.
func TestTheRowsThatPostgreSQLWritesAreRead(t *testing.T) {
	t.Parallel()
	home, dir := newHome(t), t.TempDir()
	ring := home.openCopying(t, dir)
	gone, _ := sealed(t, ring, Shared("person"))
	stays, _ := sealed(t, ring, Shared("person"))
	must(t, ring.Destroy(t.Context(), []UnitRef{gone}))
	m, err := readManifest(dir)
	must(t, err)
	living, dead := 0, 0
	for _, file := range m.Files {
		if file.Table != "key_unit" {
			continue
		}
		must(t, file.read(dir, func(at map[string][]byte) error {
			switch id := string(at["unit"]); {
			case id == string(gone.ID[:]) && at["page"] == nil && at["wrapped"] == nil:
				dead++
			case id == string(stays.ID[:]) && len(at["page"]) == 16 && string(at["authority"]) == af:
				living++
			}
			return nil
		}))
		about, err := os.Stat(filepath.Join(dir, file.Name))
		must(t, err)
		if about.Mode().Perm() != 0o600 {
			t.Errorf("%s is open to others: %v", file.Name, about.Mode())
		}
	}
	if living == 0 || dead == 0 {
		t.Errorf("read %d living and %d destroyed rows", living, dead)
	}
}
