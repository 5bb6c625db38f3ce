package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gallra.se/libs/fault"
)

// Files is a Keystore of one file per generation. It overwrites before it
// removes; what an SSD, a copy-on-write file system or a snapshot keeps of that
// it cannot know. Directory and files belong to one user, and no link in the
// directory is followed.
type Files struct{ dir string }

const (
	keySuffix   = ".root"
	freshSuffix = ".new"
)

// FileStore keeps root keys in dir, which it makes if there is none. A directory
// whose names others could list is closed; with a key in it that others could read
// or replace it is refused with ErrOpenKeystore.
func FileStore(dir string) (*Files, error) {
	if err := makeClosed(dir); err != nil {
		return nil, fmt.Errorf("make keystore: %w", err)
	}
	f := &Files{dir: dir}
	if err := f.closed(); err != nil {
		return nil, err
	}
	return f, nil
}

// makeClosed makes dir durable: the name of a new directory is lost in a power cut
// unless the one above it is synced.
func makeClosed(dir string) error {
	if _, err := os.Lstat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncKeystore(filepath.Dir(filepath.Clean(dir)))
}

// closed looks at the directory and at everything in it.
func (f *Files) closed() error {
	info, err := os.Lstat(f.dir)
	if err != nil {
		return fmt.Errorf("look at keystore: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is no directory of its own (a link, perhaps): name the directory itself", ErrOpenKeystore, f.dir)
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 && f.holds() {
		return fmt.Errorf("%w: others may write to %s (mode %04o) and so replace keys: find out who did, then chmod 0700 %s", ErrOpenKeystore, f.dir, mode, f.dir)
	} else if mode&0o077 != 0 {
		if err := os.Chmod(f.dir, 0o700); err != nil {
			return fmt.Errorf("%w: others may list %s (mode %04o): chmod 0700 it as its owner", ErrOpenKeystore, f.dir, mode)
		}
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("list root keys: %w", err)
	}
	for _, entry := range entries {
		if _, ours := generationOf(entry.Name()); !ours {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) { // another process's rotation
			continue
		}
		if err != nil {
			return fmt.Errorf("look at root key: %w", err)
		}
		if err := ownRegular(info, filepath.Join(f.dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (f *Files) holds() bool {
	held, err := f.Generations(context.Background())
	return err != nil || len(held) > 0
}

// ownRegular refuses what is no file, and one that others can open.
func ownRegular(info fs.FileInfo, path string) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is no file (a link, perhaps): find out who put it there, and remove it", ErrOpenKeystore, path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%w: others can open %s (mode %04o): chmod 0600 it, start, and gallra keys rotate, as it may have been read", ErrOpenKeystore, path, mode)
	}
	return nil
}

func (f *Files) path(generation int64) string {
	return filepath.Join(f.dir, strconv.FormatInt(generation, 10)+keySuffix)
}

// generationOf reads a file name, also that of a key that is half put. Nothing but
// what path makes is ours.
func generationOf(name string) (int64, bool) {
	digits, found := strings.CutSuffix(strings.TrimSuffix(name, freshSuffix), keySuffix)
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, found && err == nil && n > 0 && strconv.FormatInt(n, 10) == digits
}

// Put writes beside, syncs, renames and syncs the directory. What was there is
// overwritten first: a rotation that was given up has left a page table under it.
func (f *Files) Put(ctx context.Context, generation int64, key []byte) error {
	if generation < 1 {
		return fmt.Errorf("put root key %d: generations count from 1", generation)
	}
	if err := f.Destroy(ctx, generation); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	path := f.path(generation)
	fresh := path + freshSuffix
	if err := writeSynced(fresh, key, os.O_CREATE|os.O_EXCL); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	fault.Point("keystore.written")
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	fault.Point("keystore.renamed")
	return syncKeystore(f.dir)
}

// Get reads the key of a generation.
func (f *Files) Get(_ context.Context, generation int64) ([]byte, error) {
	file, _, err := f.open(f.path(generation), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("get root key %d: %w", generation, ErrNoKey)
	}
	if err != nil {
		return nil, fmt.Errorf("get root key %d: %w", generation, err)
	}
	defer file.Close()
	key, err := io.ReadAll(io.LimitReader(file, 4096))
	if err != nil {
		return nil, fmt.Errorf("get root key %d: %w", generation, err)
	}
	return key, nil
}

// Destroy overwrites and removes the key, and what a crash left of a Put.
func (f *Files) Destroy(_ context.Context, generation int64) error {
	path := f.path(generation)
	gone := false
	for _, destroy := range []func() error{
		func() error { return f.destroy(path + freshSuffix) },
		// Away with the name first: whoever looks for the key meanwhile finds none, and not what it is overwritten with.
		func() error { return os.Rename(path, path+freshSuffix) },
		func() error { return f.destroy(path + freshSuffix) },
	} {
		err := destroy()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("destroy root key %d: %w", generation, err)
		}
		gone = gone || err == nil
	}
	if !gone {
		return nil
	}
	return syncKeystore(f.dir)
}

func (f *Files) destroy(path string) error {
	file, info, err := f.open(path, os.O_WRONLY)
	if err != nil {
		return err
	}
	defer file.Close()
	noise := make([]byte, max(keySize, min(info.Size(), 4096)))
	rand.Read(noise)
	if _, err := file.Write(noise); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	fault.Point("keystore.overwritten")
	return os.Remove(path)
}

// open opens a file of the keystore: no link, no pipe, nobody else's.
func (f *Files) open(path string, flags int) (*os.File, fs.FileInfo, error) {
	file, err := os.OpenFile(path, flags|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENXIO) || errors.Is(err, syscall.EISDIR) {
		return nil, nil, fmt.Errorf("%w: %s is no file (a link, perhaps): find out who put it there, and remove it", ErrOpenKeystore, path)
	}
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = ownRegular(info, path)
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// Generations lists the generations held, also half-put ones: they too must go.
func (f *Files) Generations(context.Context) ([]int64, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("list root keys: %w", err)
	}
	var all []int64
	for _, entry := range entries {
		if n, ours := generationOf(entry.Name()); ours {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Provider is "file".
func (f *Files) Provider() string { return "file" }

// MadeAt is when the file of a generation was written.
func (f *Files) MadeAt(_ context.Context, generation int64) (time.Time, error) {
	info, err := os.Lstat(f.path(generation))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, fmt.Errorf("look at root key %d: %w", generation, ErrNoKey)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look at root key %d: %w", generation, err)
	}
	return info.ModTime().UTC(), nil
}

func syncKeystore(path string) error {
	dir, err := os.Open(path)
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
	file, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NOFOLLOW|flags, 0o600)
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
