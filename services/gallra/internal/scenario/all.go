package scenario

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Result counts files.
type Result struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

// All runs files, at most `parallel` at a time, each on the bench that open gives it. A
// file that its system cannot run is skipped, with the reason told to trouble. Any other
// error that is no failed step is told there too and counts as a failed file.
func All(ctx context.Context, files []*File, parallel int, open func(context.Context, *File) (Bench, error), report Report, trouble func(*File, error)) Result {
	var result Result
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(max(parallel, 1))
	for _, file := range files {
		group.Go(func() error {
			err := one(ctx, file, open, report)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				result.Passed++
				return nil
			case errors.Is(err, ErrCannot):
				trouble(file, fmt.Errorf("skipped: %w", err))
				result.Skipped++
				return nil
			case !errors.Is(err, ErrFailed):
				trouble(file, err)
			}
			result.Failed++
			return nil
		})
	}
	_ = group.Wait()
	return result
}

func one(ctx context.Context, file *File, open func(context.Context, *File) (Bench, error), report Report) error {
	bench, err := open(ctx, file)
	if err != nil {
		return fmt.Errorf("%s: %w", file.ID, err)
	}
	defer bench.Close()
	return Run(ctx, file, bench, report)
}
