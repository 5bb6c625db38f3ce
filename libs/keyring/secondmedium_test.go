package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gallra.se/libs/seal"
	"github.com/google/uuid"
)

// openCopying keeps a copy in which every table that grows is told in increments.
func (h home) openCopying(t testing.TB, dir string) *Ring {
	t.Helper()
	ring, err := Open(t.Context(), h.db, h.store, CopyTo(dir), func(r *Ring) { r.copyBase = 0 })
	must(t, err)
	return ring
}

// restored is a new key database of the copy, with the keystore of today.
func (h home) restored(t testing.TB, dir string) home {
	t.Helper()
	fresh := newHome(t)
	must(t, RestoreCopy(t.Context(), dir, fresh.db))
	fresh.store = h.store
	return fresh
}

// TestAKeyDatabaseThatIsLostIsMadeOfItsCopy loses the key database right after a rotation that came after all that a
// keyring does.
func TestAKeyDatabaseThatIsLostIsMadeOfItsCopy(t *testing.T) {
	t.Parallel()
	home, dir := newHome(t), t.TempDir()
	ring := home.openCopying(t, dir)
	living, gone := map[UnitRef][]byte{}, map[UnitRef][]byte{}
	value := func(ref UnitRef) []byte { return []byte("value of " + ref.ID.String()) }
	for round := range 6 {
		var goes []UnitRef
		for i := range 40 {
			rule := Shared("person")
			if i%4 == 0 {
				rule = ByDay("contact.chat", fmt.Sprintf("2024-01-%02d", round+1))
			}
			ref, box := sealed(t, ring, rule)
			_, err := ring.Enter(t.Context(), "person", ref, ref.ID, value(ref))
			must(t, err)
			if living[ref] = box; i%5 == 0 {
				goes = append(goes, ref)
			}
		}
		for _, ref := range goes {
			gone[ref] = living[ref]
			delete(living, ref)
		}
		if round == 2 {
			must(t, ring.ReplaceIndex(t.Context()))
			must(t, ring.CopyNow(t.Context()))
		}
		must(t, ring.Destroy(t.Context(), goes))
	}
	var renewed UnitRef
	for renewed = range living {
		break
	}
	must(t, ring.Renew(t.Context(), []UnitRef{renewed}))
	unit, err := ring.Unit(t.Context(), renewed)
	must(t, err)
	newer, err := unit.Seal(aadOf(renewed), []byte("what was said"))
	must(t, err)
	tombstone, err := ring.TombstoneMAC(t.Context(), af, []byte("line"))
	must(t, err)
	public, keyID, err := ring.TransportKey(t.Context(), time.Now())
	must(t, err)
	letter, err := seal.Seal(public, nil, []byte("letter"))
	must(t, err)
	must(t, ring.Rotate(t.Context()))

	files, err := filepath.Glob(filepath.Join(dir, "key_unit-*"))
	must(t, err)
	if len(files) < 3 {
		t.Fatalf("units are told in %d files: this tries no increments", len(files))
	}
	other := home.restored(t, dir)
	again := other.openCopying(t, dir)
	for ref, box := range living {
		must(t, opens(again, ref, box))
		if subject, found, err := again.Find(t.Context(), af, "person", value(ref)); err != nil || !found || subject != ref.ID {
			t.Fatalf("not found: %v %v", found, err)
		}
	}
	must(t, opens(again, renewed, newer))
	for ref, box := range gone {
		if err := opens(again, ref, box); !errors.Is(err, ErrDestroyed) {
			t.Errorf("a destroyed unit: %v", err)
		}
		if _, found, err := again.Find(t.Context(), af, "person", value(ref)); err != nil || found {
			t.Errorf("a destroyed unit is found: %v %v", found, err)
		}
	}
	for _, table := range []string{"key_unit", "key_lookup", "key_page", "key_shelf"} {
		var here, there int
		must(t, home.db.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&here))
		must(t, other.db.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&there))
		if here != there {
			t.Errorf("%d rows of %d in %s", there, here, table)
		}
	}
	mac, err := again.TombstoneMAC(t.Context(), af, []byte("line"))
	must(t, err)
	if !bytes.Equal(mac, tombstone) {
		t.Error("a tombstone is not recognised")
	}
	if plain, err := again.OpenSealed(t.Context(), keyID, nil, letter); err != nil || string(plain) != "letter" {
		t.Errorf("what was sealed to its transport key: %v", err)
	}
	must(t, again.RetireTransportKey(t.Context()))
	_, _, err = again.TransportKey(t.Context(), time.Now())
	must(t, err)
	must(t, again.ReplaceIndex(t.Context()))
	must(t, again.Destroy(t.Context(), []UnitRef{renewed}))
	other.holdsOneGeneration(t)
}

func TestWhileThereIsNoCopyTheOldRootStays(t *testing.T) {
	t.Parallel()
	home, dir := newHome(t), filepath.Join(t.TempDir(), "copies")
	ring := home.openCopying(t, dir)
	gone, goneBox := sealed(t, ring, Shared("person"))
	stays, staysBox := sealed(t, ring, Shared("person"))
	must(t, os.Rename(dir, dir+".away"))
	must(t, os.WriteFile(dir, nil, 0o600)) // the medium is not there
	for range 2 {
		if err := ring.Destroy(t.Context(), []UnitRef{gone}); err == nil {
			t.Fatal("destroyed without a copy")
		}
		if held, err := home.store.Generations(t.Context()); err != nil || len(held) != 2 {
			t.Fatalf("the keystore holds %v: %v", held, err)
		}
		must(t, opens(ring, stays, staysBox))
	}
	if _, err := Open(t.Context(), home.db, home.store, CopyTo(dir)); err == nil {
		t.Fatal("opened without its copy")
	}
	must(t, os.Remove(dir))
	must(t, os.Rename(dir+".away", dir))
	must(t, ring.Destroy(t.Context(), []UnitRef{gone}))
	home.holdsOneGeneration(t)
	again := home.restored(t, dir).openCopying(t, dir)
	must(t, opens(again, stays, staysBox))
	if err := opens(again, gone, goneBox); !errors.Is(err, ErrDestroyed) {
		t.Error(err)
	}
}

func TestACopyThatWasDamagedIsMadeAnewAndNotRestored(t *testing.T) {
	t.Parallel()
	for what, damage := range map[string]func(t *testing.T, path string){
		"gone": func(t *testing.T, path string) { must(t, os.Remove(path)) },
		"cut":  func(t *testing.T, path string) { must(t, os.Truncate(path, 30)) },
		"bent": func(t *testing.T, path string) {
			text, err := os.ReadFile(path)
			must(t, err)
			text[len(text)/2] ^= 1
			must(t, os.WriteFile(path, text, 0o600))
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			home, dir := newHome(t), t.TempDir()
			ring := home.openCopying(t, dir)
			ref, box := sealed(t, ring, Shared("person"))
			must(t, ring.Rotate(t.Context()))
			must(t, ring.Rotate(t.Context()))
			m, err := readManifest(dir)
			must(t, err)
			for _, file := range m.Files {
				if file.Table == "key_unit" && file.Rows > 0 {
					damage(t, filepath.Join(dir, file.Name))
				}
			}
			if err := RestoreCopy(t.Context(), dir, newHome(t).db); err == nil {
				t.Error("a damaged copy was restored")
			}
			must(t, home.openCopying(t, dir).Rotate(t.Context()))
			must(t, opens(home.restored(t, dir).open(t), ref, box))
		})
	}
}

func TestADirectoryBelongsToOneKeyDatabase(t *testing.T) {
	t.Parallel()
	mine, other, dir := newHome(t), newHome(t), t.TempDir()
	ref, box := sealed(t, mine.openCopying(t, dir), Shared("person"))
	must(t, mine.openCopying(t, dir).CopyNow(t.Context()))
	if _, err := Open(t.Context(), other.db, other.store, CopyTo(dir)); !errors.Is(err, ErrCopy) {
		t.Errorf("another key database wrote there: %v", err)
	}
	if err := RestoreCopy(t.Context(), dir, mine.db); err == nil {
		t.Error("restored over a key database")
	}
	if err := RestoreCopy(t.Context(), t.TempDir(), newHome(t).db); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("restored out of nothing: %v", err)
	}
	must(t, opens(mine.restored(t, dir).open(t), ref, box))
	info, err := CopyIn(dir)
	must(t, err)
	if info.Generation != 1 || info.Bytes == 0 || info.At.IsZero() {
		t.Errorf("%+v", info)
	}
}

// TestNoOlderCopyOpensWhatWasDestroyed restores a copy of before beside the keystore of today, and its files one by one
// beside the copy of today.
func TestNoOlderCopyOpensWhatWasDestroyed(t *testing.T) {
	t.Parallel()
	home, dir := newHome(t), t.TempDir()
	ring := home.openCopying(t, dir)
	stays, staysBox := sealed(t, ring, Shared("person"))
	gone, goneBox := sealed(t, ring, Shared("person"))
	must(t, ring.CopyNow(t.Context()))
	before := t.TempDir()
	must(t, os.CopyFS(before, os.DirFS(dir)))
	must(t, ring.Destroy(t.Context(), []UnitRef{gone}))

	old := newHome(t)
	must(t, RestoreCopy(t.Context(), before, old.db))
	if _, err := Open(t.Context(), old.db, home.store); !errors.Is(err, ErrKeystore) {
		t.Fatalf("the copy of before opens: %v", err)
	}
	old.store = home.store
	if n := old.shelvesThatOpen(t); n != 0 {
		t.Fatalf("%d shelves of the copy of before open", n)
	}
	rows := old.copyOf(t)
	today := home.restored(t, dir)
	mixed := today.copyOf(t)
	mixed["key_unit"] = rows["key_unit"]
	today.restore(t, mixed)
	patched := today.open(t)
	if err := opens(patched, gone, goneBox); err == nil {
		t.Error("it opens with the unit rows of the copy of before")
	}
	must(t, opens(home.restored(t, dir).open(t), stays, staysBox))
	leftovers, err := filepath.Glob(filepath.Join(dir, "key_shelf-*"))
	must(t, err)
	if len(leftovers) != 1 {
		t.Errorf("page tables of several generations: %v", leftovers)
	}
}

func TestAManifestIsNotBelieved(t *testing.T) {
	t.Parallel()
	digest := string(bytes.Repeat([]byte("a"), 64))
	file := func(name, table, columns string) string {
		return fmt.Sprintf(`{"name":%q,"table":%q,"columns":[%s],"since":0,"rows":1,"bytes":1,"sha256":%q}`, name, table, columns, digest)
	}
	manifest := func(files string) string {
		return fmt.Sprintf(`{"format":1,"home":%q,"generation":3,"at":"2026-01-01T00:00:00Z","files":[%s]}`, uuid.New(), files)
	}
	good := file("key_unit-3-0123456789abcdef", "key_unit", `"unit"`)
	if _, err := parseManifest([]byte(manifest(good))); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{
		"a path":              manifest(file("../key_unit-3-0123456789abcdef", "key_unit", `"unit"`)),
		"an absolute path":    manifest(file("/etc/passwd", "key_unit", `"unit"`)),
		"another table":       manifest(file("key_unit-3-0123456789abcdef", "contact", `"unit"`)),
		"a statement":         manifest(file("key_unit-3-0123456789abcdef", "key_unit; DROP TABLE key_unit", `"unit"`)),
		"a statement again":   manifest(file("key_unit-3-0123456789abcdef", "key_unit", `"unit) FROM STDIN; --"`)),
		"no columns":          manifest(file("key_unit-3-0123456789abcdef", "key_unit", ``)),
		"a file twice":        manifest(good + "," + good),
		"an unknown field":    `{"format":1,"more":1}`,
		"another format":      `{"format":2}`,
		"no key database":     `{"format":1,"generation":3}`,
		"not JSON":            `{`,
		"nothing":             ``,
		"half of it":          manifest(good)[:60],
		"more than one":       manifest(good) + manifest(good),
		"too much":            string(bytes.Repeat([]byte(" "), manifestMost+1)),
		"since the day after": fmt.Sprintf(`{"format":1,"home":%q,"generation":3,"at":"2026-01-01T00:00:00Z","files":[{"name":"key_unit-3-0123456789abcdef","table":"key_unit","columns":["unit"],"since":4,"rows":1,"bytes":1,"sha256":%q}]}`, uuid.New(), digest),
	} {
		if _, err := parseManifest([]byte(text)); !errors.Is(err, ErrCopy) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestACopyMadeBesideWritersAndRotationsIsWhole has two processes with a medium each make, enter, destroy and copy at the
// same time. Whichever medium is taken in the end, it holds what lives.
func TestACopyMadeBesideWritersAndRotationsIsWhole(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	home.store = &memory{keys: map[int64][]byte{}}
	dirs := []string{t.TempDir(), t.TempDir()}
	rings := []*Ring{home.openCopying(t, dirs[0]), home.openCopying(t, dirs[1])}
	living := make([]map[UnitRef]string, len(rings))
	var group sync.WaitGroup
	for i, ring := range rings {
		living[i] = map[UnitRef]string{}
		group.Go(func() {
			for n := range 25 {
				value := fmt.Sprint(i, "/", n)
				stays := person(t, ring, value)
				living[i][stays] = value
				gone := person(t, ring, "gone "+value)
				var err error
				if n%3 == 0 {
					err = ring.Destroy(t.Context(), []UnitRef{gone})
				} else {
					err = errors.Join(ring.CopyNow(t.Context()), ring.Renew(t.Context(), []UnitRef{stays}))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for i, ring := range rings {
		must(t, ring.CopyNow(t.Context()))
		likeness := home.restored(t, dirs[i])
		likeness.store = &memory{keys: maps.Clone(home.store.(*memory).keys)}
		again := likeness.open(t)
		for _, made := range living {
			for ref, value := range made {
				if _, err := again.Unit(t.Context(), ref); err != nil {
					t.Fatal(err)
				}
				if subject, found := finds(t, again, value); !found || subject != ref.ID {
					t.Fatalf("%s is not found", value)
				}
			}
		}
	}
}
