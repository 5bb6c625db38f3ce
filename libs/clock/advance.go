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
// after to, waits again, and so on; last it sets to itself and waits once more.
// It returns the number of moves made. A time equal to the present settles.
func (c *Coordinator) Advance(ctx context.Context, to time.Time) (moves int, err error) {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	to = to.UTC().Truncate(time.Microsecond)
	if to.Before(c.Now().Now) {
		return 0, fmt.Errorf("advance to %s from %s: %w", to.Format(time.RFC3339), c.Now().Now.Format(time.RFC3339), ErrBackwards)
	}
	for {
		next, err := c.settle(ctx)
		if err != nil {
			return moves, err
		}
		now := c.Now().Now
		switch {
		case !next.IsZero() && next.After(now) && !next.After(to):
			err = c.move(ctx, next)
		case now.Before(to):
			err = c.move(ctx, to)
		default:
			return moves, nil
		}
		if err != nil {
			return moves, err
		}
		moves++
	}
}
