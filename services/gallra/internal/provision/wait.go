package provision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gallra.se/libs/clock"
)

// How often (Pace) a server is looked for, and how long.
const (
	lookAgain = 500 * time.Millisecond
	patience  = 5 * time.Minute
)

// await does something again while the server that it needs may still come. It says once
// that it waits, and at the end for what.
func await(ctx context.Context, log *slog.Logger, server string, mayCome func(error) bool, do func(context.Context) error) error {
	waiting, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	told := false
	for {
		err := do(waiting)
		if err == nil || !mayCome(err) {
			return err
		}
		if !told {
			log.InfoContext(ctx, "waiting for a server", "server", server, "error", err.Error())
			told = true
		}
		if clock.Sleep(waiting, lookAgain) != nil {
			if errors.Is(context.Cause(waiting), errPatience) {
				return fmt.Errorf("%s has not answered for %s: is it running, and does this network lead to it? %w", server, patience, err)
			}
			return ctx.Err()
		}
	}
}

var errPatience = errors.New("patience is at its end")
