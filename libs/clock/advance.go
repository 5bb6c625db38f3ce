package clock

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrBackwards is returned for a time before the present one.
var ErrBackwards = errors.New("the simulated clock does not go back")

// Advance moves the clock to to, deadline by deadline: it waits until the
// system is settled, sets the earliest deadline of any service that is not
// after to, waits again, and so on; last it sets to itself. It returns the
// number of moves made. A time equal to the present settles.
func (c *Coordinator) Advance(ctx context.Context, to time.Time) (moves int, err error) {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if err := c.resolve(ctx); err != nil {
		return 0, err
	}
	to = to.UTC().Truncate(time.Microsecond)
	if to.Before(c.Now().Now) {
		return 0, fmt.Errorf("advance to %s from %s: %w", to.Format(time.RFC3339), c.Now().Now.Format(time.RFC3339), ErrBackwards)
	}
	for {
		next, err := c.rest(ctx)
		if err != nil {
			return moves, err
		}
		now := c.Now().Now
		switch overdue := !next.IsZero() && !next.After(now); {
		case !next.IsZero() && !overdue && !next.After(to):
			err = c.move(ctx, next)
		case now.Before(to) && overdue: // work that could not be done may be possible after a move
			err = c.move(ctx, to)
		case now.Before(to):
			err = c.arrive(ctx, to)
			return moves + 1, err
		default:
			return moves, nil
		}
		if err != nil {
			return moves, err
		}
		moves++
	}
}

// rest settles. What is overdue may only look so to one instance of a service, which has
// not seen yet that another has done the work: then it looks again when that one has.
func (c *Coordinator) rest(ctx context.Context) (next time.Time, err error) {
	next, err = c.settle(ctx)
	if err != nil || next.IsZero() || next.After(c.Now().Now) || !c.crowded() {
		return next, err
	}
	if err := Sleep(ctx, 2*retryAgenda); err != nil {
		return next, fmt.Errorf("%w: %w", ErrUnsettled, err)
	}
	return c.settle(ctx)
}

// arrive moves past the last deadline. Nothing is due by then, so what was
// settled stays settled; only everyone must count from the new time.
func (c *Coordinator) arrive(ctx context.Context, to time.Time) error {
	if err := c.move(ctx, to); err != nil {
		return err
	}
	version := c.Now().Version
	return c.await(ctx, func() (bool, string) {
		reports, why := c.gather(ctx, ask{Version: version})
		if why != "" {
			return false, why
		}
		for _, r := range reports {
			if r.Seen < version {
				return false, r.Service + ": has not seen the clock move"
			}
		}
		return true, ""
	})
}
