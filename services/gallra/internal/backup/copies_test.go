package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// taking writes below a folder of its own.
func taking(t *testing.T) *Taking {
	t.Helper()
	return &Taking{To: t.TempDir(), Keep: 30 * 24 * time.Hour, Say: func(string, ...any) {}}
}

// kept writes a copy of a piece with one file.
func (t *Taking) kept(id string, piece Piece) (string, error) {
	made, err := t.write(id, Manifest{Piece: piece, BusinessAt: time.Unix(1, 0).UTC()}, func(w *writer) error {
		return w.file("key/ledger", func(out io.Writer) error { _, err := io.WriteString(out, "what is kept"); return err })
	})
	return made.dir, err
}

const someID = "20260215T020000.000000Z"

func TestADamagedCopyIsRefusedBeforeAnythingIsBegun(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(dir string) error{
		"a flipped bit": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "key/ledger"), []byte("what is kepu"), 0o600)
		},
		"a truncated file": func(dir string) error { return os.Truncate(filepath.Join(dir, "key/ledger"), 4) },
		"a longer file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "key/ledger"), []byte("what is kept, and more"), 0o600)
		},
		"a missing file": func(dir string) error { return os.Remove(filepath.Join(dir, "key/ledger")) },
		"a link to the same": func(dir string) error {
			if err := os.Rename(filepath.Join(dir, "key/ledger"), filepath.Join(dir, "elsewhere")); err != nil {
				return err
			}
			return os.Symlink("../elsewhere", filepath.Join(dir, "key/ledger"))
		},
		"a folder that is a link": func(dir string) error {
			out := dir + "-out"
			if err := os.Rename(filepath.Join(dir, "key"), out); err != nil {
				return err
			}
			return os.Symlink(out, filepath.Join(dir, "key"))
		},
		"no manifest":        func(dir string) error { return os.Remove(filepath.Join(dir, manifestName)) },
		"a cut off manifest": func(dir string) error { return os.Truncate(filepath.Join(dir, manifestName), 40) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, err := taking(t).kept(someID, Ledger)
			if err != nil {
				t.Fatal(err)
			}
			c, err := OpenCopy(dir, Ledger)
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
			if _, err := OpenCopy(dir, Data); err == nil {
				t.Error("a ledger is taken for data")
			}
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := OpenCopy(dir, Ledger); !errors.Is(err, ErrBackup) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestWhatIsHalfDoneIsNoCopyAndGoesWithTheNext(t *testing.T) {
	t.Parallel()
	tk := taking(t)
	full := errors.New("the disk is full")
	_, err := tk.write(someID, Manifest{Piece: Ledger, BusinessAt: time.Unix(1, 0)}, func(w *writer) error { return full })
	if !errors.Is(err, full) {
		t.Fatal(err)
	}
	left := filepath.Join(tk.To, string(Ledger), halfMark+someID) // as after a crash
	if err := os.MkdirAll(filepath.Join(left, "key"), 0o700); err != nil {
		t.Fatal(err)
	}
	if ids, err := IDs(tk.To, Ledger); err != nil || len(ids) > 0 {
		t.Errorf("%v %v", ids, err)
	}
	if _, err := tk.kept(someID, Ledger); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	if _, err := tk.kept(someID, Ledger); err == nil {
		t.Error("a copy was replaced by another of its name")
	}
}

func TestEachPieceIsKeptForAsLongAsItMay(t *testing.T) {
	t.Parallel()
	old, young := idOf(time.Now().Add(-31*24*time.Hour)), idOf(time.Now().Add(-29*24*time.Hour))
	for piece, want := range map[Piece]int{Data: 2, Ledger: 3, Keys: 1, Keystore: 1, Statistics: 1} {
		tk := taking(t)
		newest := idOf(time.Now())
		var dirs []string
		for _, id := range []string{old, young, newest} {
			dir, err := tk.kept(id, piece)
			if err != nil {
				t.Fatal(err)
			}
			dirs = append(dirs, dir)
		}
		removed, err := tk.prune(piece, newest)
		ids, listed := IDs(tk.To, piece)
		if err != nil || listed != nil || len(ids) != want || ids[want-1] != newest || len(removed) != 3-want || !slices.Equal(removed, dirs[:3-want]) {
			t.Errorf("%s: %v are left, %v removed: %v", piece, ids, removed, err)
		}
	}
	tk := taking(t)
	if _, err := tk.kept(old, Data); err != nil {
		t.Fatal(err)
	}
	if removed, err := tk.prune(Data, ""); err != nil || len(removed) > 0 {
		t.Errorf("the only copy was removed: %v %v", removed, err)
	}
}

func TestOfWhatIsToBeBroughtBackNothingMayBeMissing(t *testing.T) {
	t.Parallel()
	tk := taking(t)
	for _, piece := range []Piece{Data, Keys, Ledger} {
		if _, err := tk.kept(someID, piece); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		chosen Chosen
		want   string
	}{
		"no keystore":        {Chosen{Backups: tk.To}, "no copy of keystore"},
		"nothing":            {Chosen{}, "no copy of data"},
		"an id that is none": {Chosen{Backups: tk.To, At: "../keys"}, "is no id of a backup"},
		"an unknown id":      {Chosen{Backups: tk.To, At: "20200101T000000.000000Z"}, "no such file"},
	} {
		if _, err := c.chosen.Open(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, want := range map[string]string{"": "[ledger statistics data keys keystore]", "keys": "[keys keystore]", "data,ledger": "[ledger data]", "keystore,keys,keys": "[keys keystore]"} {
		if got, err := ParsePieces(text); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	for _, wrong := range []string{"all", "data,", " data", "Data"} {
		if _, err := ParsePieces(wrong); err == nil {
			t.Errorf("%q is taken for a piece", wrong)
		}
	}
}
