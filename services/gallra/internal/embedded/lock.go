package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrInUse says that another gallra runs on the same data directory.
var ErrInUse = errors.New("another gallra uses this data directory: stop it, or give --data another one")

// Lock keeps a second gallra out until the returned file is closed or the process ends.
func (l Layout) Lock() (*os.File, error) {
	path := filepath.Join(l.Dir, "lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", l.Dir, err)
	}
	return file, nil
}
