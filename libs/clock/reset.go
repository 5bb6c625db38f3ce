package clock

import (
	"context"
	"time"
)

// Reset gives another time, be it an earlier one, to a simulated system whose
// instances have all been stopped and will start anew. The version goes on, so
// that nobody takes the reading for an old announcement.
func (c *Coordinator) Reset(ctx context.Context, to time.Time) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if err := c.resolve(ctx); err != nil {
		return err
	}
	c.mu.Lock()
	clear(c.joined)
	clear(c.released)
	c.mu.Unlock()
	return c.move(ctx, to.UTC().Truncate(time.Microsecond))
}

// Instances are those that have joined, as "service/instance".
func (c *Coordinator) Instances() []string { return names(c.awaited()) }
