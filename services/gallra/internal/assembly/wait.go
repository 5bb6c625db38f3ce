package assembly

import (
	"context"
	"log/slog"
	"time"

	"gallra.se/libs/clock"
)

// How often what is not there yet is looked for, and how often that is said.
const (
	lookAgain = 500 * time.Millisecond
	sayAgain  = 10 * time.Second
)

// Await does something again for as long as what it needs may come by itself: servers of
// one deployment start and restart in any order. Everything else is the caller's fault to
// see at once.
func Await(ctx context.Context, log *slog.Logger, what string, mayCome func(error) bool, do func(context.Context) error) error {
	said := time.Time{}
	for {
		err := do(ctx)
		if err == nil || ctx.Err() != nil || !mayCome(err) {
			return err
		}
		if now := clock.PaceNow(); now.Sub(said) >= sayAgain {
			log.WarnContext(ctx, "waiting, and going on by itself when it comes", "for", what, "error", err.Error())
			said = now
		}
		if clock.Sleep(ctx, lookAgain) != nil {
			return err
		}
	}
}
