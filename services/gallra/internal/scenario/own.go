package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gallra.se/services/gallra/internal/launch"
)

// own is a system that lives for one file.
type own struct {
	caller
	system *launch.System
	keep   bool
	dir    string
}

// Own starts a system of its own for a file, its clock at the file's first step. Each
// service has a process where the file kills one.
func Own(ctx context.Context, file *File, keep bool) (Bench, error) {
	dir, err := os.MkdirTemp("", "gallra-"+file.ID+"-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for %s: %w", file.ID, err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open the directory for %s: %w", file.ID, err)
	}
	b := &own{keep: keep, dir: dir}
	args := []string{"--clock=simulated=" + file.Steps[0].At.UTC().Format(time.RFC3339)}
	if file.Kills() {
		args = append(args, "--processes")
	}
	if b.system, err = launch.Start(ctx, launch.Options{Dir: filepath.Join(dir, "data"), Args: args}); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if b.caller, err = callerOf(b.system.Place()); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func (b *own) Close() {
	b.system.Stop()
	if !b.keep {
		os.RemoveAll(b.dir)
	}
}

// Dir is where the system's data lie, for who wants to look at them.
func (b *own) Dir() string { return b.dir }
