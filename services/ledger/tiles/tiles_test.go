package tiles_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/receipt"
	"gallra.se/services/ledger/tiles"
)

// files is a log as it lies on somebody's disk.
type files map[string][]byte

func (f files) Read(_ context.Context, path string) ([]byte, error) {
	file, ok := f[path]
	if !ok {
		return nil, tiles.ErrMissing
	}
	return file, nil
}

func leafOf(n int) string {
	at := time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)
	salt := sha256.Sum256(fmt.Append(nil, n))
	text, err := receipt.Leaf{Kind: receipt.Disposed, Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", n),
		Authority: "arbetsformedlingen", Category: "case.note", Rule: "AFC-13", Trigger: "case-closed", DueOn: "2025-05-01",
		DueAt: at, RemovedAt: at, UnrecoverableAt: at, Policy: "1", Commitment: salt[:]}.Text()
	if err != nil {
		panic(err)
	}
	return text
}

// logOf is a log of so many leaves, signed, in files that golang.org/x/mod makes, and its public key.
func logOf(t *testing.T, size int, leaf func(int) string) (files, string) {
	t.Helper()
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			out[i] = hashes[id]
		}
		return out, nil
	})
	var leaves []string
	for n := range size {
		leaves = append(leaves, leaf(n))
		more, err := tlog.StoredHashes(int64(n), []byte(leaves[n]), reader)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
	}
	out := files{}
	for _, tile := range tlog.NewTiles(8, 0, int64(size)) {
		data, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.Replace(tile.Path(), "tile/8/", "tile/", 1)] = data
	}
	for tile := range tiles.At(tiles.Entries, int64(size)) {
		bundle, err := tiles.Bundle(leaves[tile.First() : tile.First()+int64(tile.Width)])
		if err != nil {
			t.Fatal(err)
		}
		out[tile.Path()] = bundle
	}
	secret, public, err := note.GenerateKey(nil, receipt.Origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	root, err := tlog.TreeHash(int64(size), reader)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := receipt.Sign(int64(size), root, signer)
	if err != nil {
		t.Fatal(err)
	}
	out[tiles.Checkpoint] = []byte(checkpoint.Note())
	return out, public
}

func TestAWholeLogChecksOutAtEverySizeThatMatters(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 255, 256, 257, 511, 512, 700, 65_536 + 300} {
		if size > 1000 && testing.Short() {
			continue
		}
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			log, public := logOf(t, size, leafOf)
			v, err := tiles.Check(t.Context(), log, public)
			if err != nil || !v.OK || v.Leaves != int64(size) || v.Tiles != int64(len(log)-1) {
				t.Fatalf("%+v %v; there are %d files", v, err, len(log))
			}
		})
	}
}

func TestAnyFileThatIsChangedCutOrGoneIsFound(t *testing.T) {
	t.Parallel()
	log, public := logOf(t, 600, leafOf)
	for path := range log {
		for what, spoil := range map[string]func(files){
			"gone":       func(f files) { delete(f, path) },
			"empty":      func(f files) { f[path] = nil },
			"cut":        func(f files) { f[path] = f[path][:len(f[path])-1] },
			"longer":     func(f files) { f[path] = append(slices.Clone(f[path]), 0) },
			"a bit else": func(f files) { f[path] = slices.Clone(f[path]); f[path][len(f[path])/2] ^= 4 },
		} {
			spoiled := maps.Clone(log)
			spoil(spoiled)
			if v, err := tiles.Check(t.Context(), spoiled, public); err != nil || v.OK || v.Fault == "" {
				t.Errorf("%s %s: %+v %v", path, what, v, err)
			}
		}
	}
}

func TestALogOfOthersIsRefused(t *testing.T) {
	t.Parallel()
	log, public := logOf(t, 3, leafOf)
	other, otherKey := logOf(t, 3, func(n int) string { return leafOf(n + 1) })
	if v, err := tiles.Check(t.Context(), log, otherKey); err != nil || v.OK || !strings.Contains(v.Fault, "not signed by this key") {
		t.Errorf("another's key: %+v %v", v, err)
	}
	if v, err := tiles.Check(t.Context(), log, public, otherKey); err != nil || v.OK || !strings.Contains(v.Fault, "witness") {
		t.Errorf("without its witness: %+v %v", v, err)
	}
	other[tiles.Checkpoint] = log[tiles.Checkpoint]
	if v, err := tiles.Check(t.Context(), other, public); err != nil || v.OK || !strings.Contains(v.Fault, "another root") {
		t.Errorf("other leaves: %+v %v", v, err)
	}
	free, freeKey := logOf(t, 3, func(n int) string { return "a leaf in words" })
	if v, err := tiles.Check(t.Context(), free, freeKey); err != nil || v.OK || !strings.Contains(v.Fault, "canonical form") {
		t.Errorf("leaves without a form: %+v %v", v, err)
	}
	if _, err := tiles.Check(t.Context(), log, "no key"); err == nil {
		t.Error("checked without a key")
	}
}

type broken struct{ files }

func (b broken) Read(ctx context.Context, path string) ([]byte, error) {
	if path != tiles.Checkpoint {
		return nil, errors.New("no network")
	}
	return b.files.Read(ctx, path)
}

func TestAFailureToLookIsNoVerdict(t *testing.T) {
	t.Parallel()
	log, public := logOf(t, 3, leafOf)
	if v, err := tiles.Check(t.Context(), broken{log}, public); err == nil || v != (tiles.Verdict{}) {
		t.Fatalf("%+v %v", v, err)
	}
}

func ExampleTile_Path() {
	for _, tile := range []tiles.Tile{
		{Level: 0, Number: 0, Width: 256}, {Level: 0, Number: 1_234_067, Width: 7}, {Level: tiles.Entries, Number: 12, Width: 256},
	} {
		fmt.Println(tile.Path())
	}
	// Output:
	// tile/0/000
	// tile/0/x001/x234/067.p/7
	// tile/entries/012
}

func TestAPathHasOneForm(t *testing.T) {
	t.Parallel()
	for _, good := range [][2]string{{"0", "000"}, {"63", "x001/002"}, {"entries", "999.p/255"}, {"2", "000.p/1"}} {
		tile, err := tiles.Parse(good[0], good[1])
		if err != nil || tile.Path() != "tile/"+good[0]+"/"+good[1] {
			t.Errorf("%v: %+v %v", good, tile, err)
		}
	}
	for _, bad := range [][2]string{
		{"0", ""}, {"0", "0"}, {"0", "00"}, {"0", "0000"}, {"00", "000"}, {"-1", "000"}, {"64", "000"}, {"data", "000"}, {"x", "000"}, {"", "000"},
		{"0", "000.p/0"}, {"0", "000.p/256"}, {"0", "000.p/-1"}, {"0", "000.p/01"}, {"0", "000.p"}, {"0", "000.p/"}, {"0", "x000/000"}, {"0", "001/002"},
		{"0", "-01"}, {"0", "+01"}, {"0", "../key"}, {"0", "000/"}, {"0", "x999/x999/x999/x999/x999/x999/x999/999"}, {"0", strings.Repeat("x001/", 1000) + "001"},
	} {
		if tile, err := tiles.Parse(bad[0], bad[1]); !errors.Is(err, tiles.ErrPath) {
			t.Errorf("%v: %+v %v", bad, tile, err)
		}
	}
}

func TestATileIsInALogThatHasAllOfIt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		level, number string
		size          int64
		in            bool
	}{
		{"0", "000.p/5", 4, false}, {"0", "000.p/5", 5, true}, {"0", "000", 255, false}, {"0", "000", 256, true}, {"0", "001.p/1", 256, false},
		{"1", "000.p/1", 255, false}, {"1", "000.p/1", 256, true}, {"entries", "000.p/1", 0, false}, {"entries", "000.p/1", 1, true},
		{"63", "000.p/1", 1<<53 - 1, false}, {"0", "x999/x999/x999/x999/x999/999", 1 << 40, false}, {"0", "000.p/1", -1, false},
	} {
		tile, err := tiles.Parse(row.level, row.number)
		if err != nil || tile.In(row.size) != row.in {
			t.Errorf("%+v: %v", row, err)
		}
	}
}

func FuzzABundleIsReadInItsOnlyForm(f *testing.F) {
	bundle, err := tiles.Bundle([]string{leafOf(1), "", "x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bundle, 3)
	f.Add([]byte{0}, 1)
	f.Add([]byte{0xff, 0xff, 1}, 1)
	f.Fuzz(func(t *testing.T, file []byte, width int) {
		entries, err := tiles.ParseBundle(file, width)
		if err != nil {
			return
		}
		again, err := tiles.Bundle(entries)
		if err != nil || string(again) != string(file) || len(entries) != width {
			t.Fatalf("%v: %q is read as %q", err, file, again)
		}
	})
}

func FuzzAPathIsReadInItsOnlyForm(f *testing.F) {
	f.Add("0", "x001/234.p/5")
	f.Add("entries", "000")
	f.Fuzz(func(t *testing.T, level, number string) {
		tile, err := tiles.Parse(level, number)
		if err == nil && tile.Path() != "tile/"+level+"/"+number {
			t.Fatalf("%q %q is %+v", level, number, tile)
		}
		if err == nil && tile.Level != tiles.Entries && tile.In(1000) {
			tile.Hashes()
		}
	})
}
