package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gallra.se/libs/clock"
)

// prune removes what must not be kept beside the copy that was just made: every other one of a piece of which only the
// newest may be, and data that are too old.
func (t *Taking) prune(piece Piece, newest string) ([]string, error) {
	ids, err := IDs(t.To, piece)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var removed []string
	for _, id := range ids[:len(ids)-1] {
		if id == newest || !piece.newestOnly() && !(piece == Data && t.over(id)) {
			continue
		}
		dir := filepath.Join(t.To, string(piece), id)
		if err := overwrite(dir); err != nil {
			return removed, fmt.Errorf("remove %s: %w", dir, err)
		}
		removed = append(removed, dir)
	}
	return removed, nil
}

func (t *Taking) over(id string) bool {
	at, err := time.Parse(idForm, id)
	return err == nil && t.Keep > 0 && clock.PaceNow().Sub(at) > t.Keep
}

// overwrite removes a folder. What is in it is overwritten first, which is all that a program can do about a disk; doctor
// says what that is worth. The manifest goes first, so that what is half removed is no backup any more.
func overwrite(dir string) error {
	if err := os.Remove(filepath.Join(dir, manifestName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		return zero(path)
	})
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

func zero(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	blank := make([]byte, 64<<10)
	for left := info.Size(); left > 0; {
		n, err := file.Write(blank[:min(left, int64(len(blank)))])
		if err != nil {
			return err
		}
		left -= int64(n)
	}
	return file.Sync()
}

func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
