package client

import (
	"context"
	"time"
)

// Clock is the simulated time of a system.
type Clock struct {
	Now     time.Time `json:"now"`
	Version int64     `json:"version"`
	Moves   int       `json:"moves,omitempty"` // of the last advance
}

// Clock asks for the simulated time. A system on real time has none: 404.
func (c *Client) Clock(ctx context.Context) (Clock, error) {
	var now Clock
	return now, c.Get(ctx, "", "/sim/clock", &now)
}

// Advance moves the simulated time, deadline by deadline, and returns when the system is
// settled there.
func (c *Client) Advance(ctx context.Context, to time.Time) (Clock, error) {
	var now Clock
	return now, c.Post(ctx, "", "/sim/clock", map[string]string{"to": to.UTC().Format(time.RFC3339Nano)}, &now)
}
