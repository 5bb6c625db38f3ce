package bao

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// texts are the encrypted root keys, the same in each directory. They are no secrets, and
// closed all the same: it is nobody's business how many there are.
type texts []string

const (
	textSuffix  = ".wrapped"
	freshSuffix = ".new"
	longestText = 4 << 10
)

func file(dir string, generation int64) string {
	return filepath.Join(dir, strconv.FormatInt(generation, 10)+textSuffix)
}

// put writes the text everywhere, durably.
func (t texts) put(generation int64, text string) error {
	if text == "" || len(text) > longestText {
		return fmt.Errorf("the key server encrypts 32 bytes to %d", len(text))
	}
	for _, dir := range t {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make folder of encrypted root keys: %w", err)
		}
		if err := replace(file(dir, generation), text); err != nil {
			return fmt.Errorf("write encrypted root key: %w", err)
		}
	}
	return nil
}

func replace(path, text string) error {
	fresh := path + freshSuffix
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// get returns the copies that there are.
func (t texts) get(generation int64) (copies []string, err error) {
	var last error
	for _, dir := range t {
		text, err := read(file(dir, generation))
		switch {
		case err == nil:
			copies = append(copies, text)
		case !errors.Is(err, fs.ErrNotExist):
			last = err
		}
	}
	if len(copies) == 0 && last != nil {
		return nil, fmt.Errorf("read encrypted root key: %w", last)
	}
	return copies, nil
}

func read(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, longestText+1))
	return string(text), err
}

func (t texts) remove(generation int64) error {
	for _, dir := range t {
		for _, path := range []string{file(dir, generation), file(dir, generation) + freshSuffix} {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("remove encrypted root key: %w", err)
			}
		}
	}
	return nil
}

func (t texts) generations() (all []int64, err error) {
	for _, dir := range t {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			digits, ours := strings.CutSuffix(strings.TrimSuffix(entry.Name(), freshSuffix), textSuffix)
			n, err := strconv.ParseInt(digits, 10, 64)
			if ours && err == nil && n > 0 && strconv.FormatInt(n, 10) == digits {
				all = append(all, n)
			}
		}
	}
	return all, nil
}
