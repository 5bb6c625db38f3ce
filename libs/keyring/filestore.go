package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Files is a Keystore of one file per generation. It overwrites before it
// removes; what an SSD, a copy-on-write file system or a snapshot keeps of that
// it cannot know.
type Files struct{ dir string }

const keySuffix = ".root"

// FileStore keeps root keys in dir, which it makes if there is none.
func FileStore(dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make keystore: %w", err)
	}
	return &Files{dir: dir}, nil
}

func (f *Files) path(generation int64) string {
	return filepath.Join(f.dir, strconv.FormatInt(generation, 10)+keySuffix)
}

// Put writes beside, syncs, renames and syncs the directory.
func (f *Files) Put(_ context.Context, generation int64, key []byte) error {
	path := f.path(generation)
	fresh := path + ".new"
	if err := writeSynced(fresh, key, os.O_CREATE|os.O_TRUNC); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	return f.sync()
}

// Get reads the key of a generation.
func (f *Files) Get(_ context.Context, generation int64) ([]byte, error) {
	key, err := os.ReadFile(f.path(generation))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("get root key %d: %w", generation, ErrNoKey)
	}
	if err != nil {
		return nil, fmt.Errorf("get root key %d: %w", generation, err)
	}
	return key, nil
}

// Destroy overwrites and removes the key, and what a crash left of a Put.
func (f *Files) Destroy(_ context.Context, generation int64) error {
	for _, path := range []string{f.path(generation), f.path(generation) + ".new"} {
		noise := make([]byte, keySize)
		rand.Read(noise)
		err := writeSynced(path, noise, 0)
		if err == nil {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("destroy root key %d: %w", generation, err)
		}
	}
	return f.sync()
}

// Generations lists the generations held, also half-put ones: they too must go.
func (f *Files) Generations(context.Context) ([]int64, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("list root keys: %w", err)
	}
	var all []int64
	for _, entry := range entries {
		name, found := strings.CutSuffix(strings.TrimSuffix(entry.Name(), ".new"), keySuffix)
		if n, err := strconv.ParseInt(name, 10, 64); found && err == nil {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (f *Files) sync() error {
	dir, err := os.Open(f.dir)
	if err != nil {
		return fmt.Errorf("open keystore: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync keystore: %w", err)
	}
	return nil
}

func writeSynced(path string, data []byte, flags int) error {
	file, err := os.OpenFile(path, os.O_WRONLY|flags, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
}
