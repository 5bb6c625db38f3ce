package bus

import (
	"context"
	"time"

	"gallra.se/libs/clock"
)

// Deal gives a consumer a share, as its seat would.
func (c *Consumer) Deal(s clock.Share) { c.deal(s) }

// ReadUnseated runs a consumer that is dealt its shares by a test, and whose positions
// follow at once.
func (c *Consumer) ReadUnseated(ctx context.Context) error {
	c.flushEvery = 5 * time.Millisecond
	return c.read(ctx)
}
