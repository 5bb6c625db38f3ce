package provision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gallra.se/services/gallra/internal/assembly"
)

// patience is how long (Pace) a server is waited for.
const patience = 5 * time.Minute

// await is assembly's, with an end: who provides is waited for by everybody else, and says
// in time what it waits for in vain.
func await(ctx context.Context, log *slog.Logger, server string, mayCome func(error) bool, do func(context.Context) error) error {
	waiting, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	err := assembly.Await(waiting, log, server, mayCome, do)
	if err != nil && errors.Is(context.Cause(waiting), errPatience) {
		return fmt.Errorf("%s has not answered for %s: is it running, and does this network lead to it? %w", server, patience, err)
	}
	return err
}

var errPatience = errors.New("patience is at its end")
