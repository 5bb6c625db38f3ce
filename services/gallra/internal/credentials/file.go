package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// read returns a secret. mode is what it should have: a file that more can read or write
// is refused, because then it may be no secret any more.
func read(path string, mode fs.FileMode) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, explained(path, err)
	}
	if got := info.Mode().Perm(); got&^(mode|0o200)&0o077 != 0 {
		return nil, fmt.Errorf("%s has mode %04o, which is open to others: run `chmod %04o %s`, and if somebody may have read it, delete it instead and run this again",
			path, got, mode, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, explained(path, err)
	}
	return text, nil
}

func explained(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s belongs to another user: run this as the user that made it, or give the folder to this one with chown: %w", path, err)
	}
	return fmt.Errorf("read secret: %w", err)
}

// damaged says of a file that it is not what it should be.
func damaged(path, what string) error {
	return fmt.Errorf("%s holds no %s, or half of one: put a copy back, or delete it and run this again to make a new one, and start again what uses it", path, what)
}

// write replaces a file, whole or not at all.
func write(path string, mode fs.FileMode, text []byte) error {
	fresh, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(fresh.Name()) // fails where it has been renamed
	_, err = fresh.Write(text)
	for _, step := range []func() error{
		func() error { return fresh.Chmod(mode) }, fresh.Sync, fresh.Close,
		func() error { return os.Rename(fresh.Name(), path) },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// keep returns what lies in a file, making it the first time. A file that containers
// could no longer read gets its mode back.
func keep(path string, mode fs.FileMode, make func() ([]byte, error)) (text []byte, made bool, err error) {
	text, err = read(path, mode)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = make(); err != nil {
			return nil, false, err
		}
		return text, true, write(path, mode, text)
	}
	if err != nil {
		return nil, false, err
	}
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&mode != mode {
		err = os.Chmod(path, mode)
	}
	if err != nil {
		return nil, false, fmt.Errorf("set the mode of %s: %w", path, err)
	}
	return text, false, nil
}
