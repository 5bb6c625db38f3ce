package keyring_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/libs/keyring"
	"gallra.se/libs/keyring/keystoretest"
)

func TestFilesAreAKeystore(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t testing.TB) keystoretest.Place {
		dir := filepath.Join(t.TempDir(), "keystore")
		leave := func(names ...string) func(testing.TB, int64) {
			return func(t testing.TB, generation int64) {
				for _, name := range names {
					write(t, filepath.Join(dir, strings.ReplaceAll(name, "N", "2")), 0o600)
				}
			}
		}
		return keystoretest.Place{
			Open: func(t testing.TB) keyring.Keystore { return open(t, dir) },
			Crashes: map[string]func(testing.TB, int64){
				"half of the new file":         leave("N.root.new"),
				"a put that is whole":          leave("N.root"),
				"a put over an unused key":     leave("N.root", "N.root.new"),
				"overwriting before a removal": leave("N.root"),
				"an empty file in a full disk": func(t testing.TB, _ int64) { must(t, os.WriteFile(filepath.Join(dir, "2.root.new"), nil, 0o600)) },
				"a new file longer than a root": func(t testing.TB, _ int64) {
					must(t, os.WriteFile(filepath.Join(dir, "2.root.new"), make([]byte, 9999), 0o600))
				},
			},
		}
	})
}

func open(t testing.TB, dir string) *keyring.Files {
	t.Helper()
	files, err := keyring.FileStore(dir)
	must(t, err)
	return files
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path string, mode os.FileMode) {
	t.Helper()
	must(t, os.WriteFile(path, bytes.Repeat([]byte{7}, 32), mode))
	must(t, os.Chmod(path, mode))
}

func TestAKeystoreBelongsToOneUser(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "keystore")
	must(t, open(t, dir).Put(t.Context(), 1, make([]byte, 32)))
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "1.root"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestAnEmptyOrOnlyListableKeystoreIsClosed(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]os.FileMode{"empty": 0o777, "listed": 0o755} {
		dir := filepath.Join(t.TempDir(), name)
		must(t, os.Mkdir(dir, 0o755))
		if name == "listed" {
			write(t, filepath.Join(dir, "1.root"), 0o600)
		}
		must(t, os.Chmod(dir, mode))
		open(t, dir)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestAKeystoreThatOthersCouldReadOrChangeIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"a key that others can read": func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "1.root"), 0o644)) },
		"a half-put key that a group can write": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "2.root.new"), 0o620)
		},
		"a directory that others can write to": func(t *testing.T, dir string) { must(t, os.Chmod(dir, 0o777)) },
		"a link to a key":                      func(t *testing.T, dir string) { must(t, os.Symlink("1.root", filepath.Join(dir, "2.root"))) },
		"a link to nothing":                    func(t *testing.T, dir string) { must(t, os.Symlink("none", filepath.Join(dir, "2.root.new"))) },
		"a directory where a key should be":    func(t *testing.T, dir string) { must(t, os.Mkdir(filepath.Join(dir, "2.root"), 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "keystore")
			must(t, open(t, dir).Put(t.Context(), 1, make([]byte, 32)))
			spoil(t, dir)
			_, err := keyring.FileStore(dir)
			if !errors.Is(err, keyring.ErrOpenKeystore) || !strings.Contains(err.Error(), "chmod") && !strings.Contains(err.Error(), "remove it") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestALinkInAKeystoreIsNotFollowed(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "victim")
	for _, name := range []string{"2.root", "2.root.new"} {
		dir := filepath.Join(t.TempDir(), "keystore")
		files := open(t, dir)
		write(t, outside, 0o600)
		must(t, os.Symlink(outside, filepath.Join(dir, name)))
		for what, do := range map[string]func() error{
			"put":     func() error { return files.Put(t.Context(), 2, make([]byte, 32)) },
			"destroy": func() error { return files.Destroy(t.Context(), 2) },
		} {
			if err := do(); !errors.Is(err, keyring.ErrOpenKeystore) {
				t.Errorf("%s over %s: %v", what, name, err)
			}
		}
		if _, err := files.Get(t.Context(), 2); err == nil {
			t.Errorf("%s is read through a link", name)
		}
		if text, err := os.ReadFile(outside); err != nil || !bytes.Equal(text, bytes.Repeat([]byte{7}, 32)) {
			t.Errorf("what the link points to has changed: %v", err)
		}
	}
	linked := filepath.Join(t.TempDir(), "linked")
	must(t, os.Symlink(t.TempDir(), linked))
	if _, err := keyring.FileStore(linked); !errors.Is(err, keyring.ErrOpenKeystore) {
		t.Errorf("a keystore behind a link: %v", err)
	}
}

// The same bytes under another name are the only way to look at what a removed file held.
func TestAKeyIsOverwrittenBeforeItIsRemoved(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(f *keyring.Files) error{
		"destroyed":        func(f *keyring.Files) error { return f.Destroy(t.Context(), 2) },
		"put over":         func(f *keyring.Files) error { return f.Put(t.Context(), 2, make([]byte, 32)) },
		"destroyed as new": func(f *keyring.Files) error { return f.Destroy(t.Context(), 3) },
	} {
		dir := filepath.Join(t.TempDir(), "keystore")
		files := open(t, dir)
		key := bytes.Repeat([]byte{7}, 32)
		name := "2.root"
		if what == "destroyed as new" {
			name = "3.root.new"
		}
		write(t, filepath.Join(dir, name), 0o600)
		kept := filepath.Join(dir, "another name")
		must(t, os.Link(filepath.Join(dir, name), kept))
		must(t, end(files))
		text, err := os.ReadFile(kept)
		must(t, err)
		if bytes.Contains(text, key[:8]) {
			t.Errorf("%s: the key lies there still", what)
		}
	}
}

func TestWhatIsNoKeyIsNoGeneration(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keystore")
	files := open(t, dir)
	for _, name := range []string{"wiping", "01.root", "+1.root", "-1.root", "0.root", "1.root.old", ".root", "99999999999999999999.root", "1.root.new.new"} {
		write(t, filepath.Join(dir, name), 0o600)
	}
	if held, err := open(t, dir).Generations(t.Context()); err != nil || len(held) != 0 {
		t.Errorf("%v, %v", held, err)
	}
	must(t, files.Put(t.Context(), 1, make([]byte, 32)))
	if held, err := files.Generations(t.Context()); err != nil || len(held) != 1 {
		t.Errorf("%v, %v", held, err)
	}
}
