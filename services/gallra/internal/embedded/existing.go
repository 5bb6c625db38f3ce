package embedded

import (
	"fmt"
	"os"
	"path/filepath"
)

// Existing is the layout of a data directory that is there; it makes nothing.
func Existing(dir string) (Layout, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Layout{}, fmt.Errorf("resolve data directory %s: %w", dir, err)
	}
	l := Layout{Dir: absolute}
	if _, err := os.Stat(l.Postgres()); err != nil {
		return Layout{}, fmt.Errorf("%s is no data directory of gallra up: give the one that it was started with", dir)
	}
	return l, nil
}
