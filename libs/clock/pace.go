package clock

import (
	"context"
	"time"
)

// PaceNow is the machine's time, for measuring and for ages of technical rows.
func PaceNow() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Sleep waits d of real time, or until ctx ends, whose error it then returns.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Ticker ticks every d of real time; stop it when done.
func Ticker(d time.Duration) *time.Ticker { return time.NewTicker(d) }

// After delivers once, d of real time from now.
func After(d time.Duration) <-chan time.Time { return time.After(d) }
