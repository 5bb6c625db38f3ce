package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/tiles"
)

// Online reads the log of a running system, as its operator.
type Online struct{ API *client.Client }

// Read is tiles.Source.
func (o Online) Read(ctx context.Context, path string) ([]byte, error) {
	file, err := ask(ctx, o.API, "/v1/ledger/"+path)
	var refusal *client.Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound {
		return nil, tiles.ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return file, nil
}

// Saved reads a log from the directory that it was saved in.
type Saved struct{ Dir string }

// Read is tiles.Source.
func (s Saved) Read(_ context.Context, path string) ([]byte, error) {
	file, err := os.ReadFile(filepath.Join(s.Dir, filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, tiles.ErrMissing
	}
	return file, err
}

// Saving reads from another source and saves what it reads, so that the whole log
// can be checked again without it.
type Saving struct {
	tiles.Source
	Dir string
}

// Read is tiles.Source.
func (s Saving) Read(ctx context.Context, path string) ([]byte, error) {
	file, err := s.Source.Read(ctx, path)
	if err != nil {
		return nil, err
	}
	to := filepath.Join(s.Dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return nil, fmt.Errorf("save %s: %w", path, err)
	}
	if err := os.WriteFile(to, file, 0o600); err != nil {
		return nil, fmt.Errorf("save %s: %w", path, err)
	}
	return file, nil
}
