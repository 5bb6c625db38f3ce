package client

import (
	"context"
	"time"

	"gallra.se/services/gallra/internal/needles"
)

// Reset empties a simulated deployment and starts it again at a time of its clock, be it
// an earlier one; it returns when every service is ready.
func (c *Client) Reset(ctx context.Context, to time.Time) error {
	return c.Post(ctx, "", "/sim/reset", map[string]string{"clock": to.UTC().Format(time.RFC3339Nano)}, nil)
}

// Scan looks for strings in all that a simulated deployment has on disk.
func (c *Client) Scan(ctx context.Context, strings []string) ([]needles.Find, error) {
	var said struct {
		Finds []needles.Find `json:"finds"`
	}
	err := c.Post(ctx, "", "/sim/scan", map[string][]string{"needles": strings}, &said)
	return said.Finds, err
}

// Backup backs up the data of a simulated deployment and returns the id of the copy.
func (c *Client) Backup(ctx context.Context) (string, error) {
	var said struct {
		Backup string `json:"backup"`
	}
	err := c.Post(ctx, "", "/sim/backup", struct{}{}, &said)
	return said.Backup, err
}

// Restore empties a simulated deployment and brings a backup back, with its newest keys and ledger; it returns when every
// service is ready, and so has replayed what was destroyed since.
func (c *Client) Restore(ctx context.Context, id string) error {
	return c.Post(ctx, "", "/sim/restore", map[string]string{"backup": id, "into": "empty"}, nil)
}

// Replay has every service read its streams again from a sequence on.
func (c *Client) Replay(ctx context.Context, from uint64) error {
	return c.Post(ctx, "", "/sim/replay", map[string]uint64{"from": from}, nil)
}

// Kill ends a service of a simulated deployment as a crash would, and keeps it away.
func (c *Client) Kill(ctx context.Context, service string) error { return c.move(ctx, "kill", service) }

// Start starts it again and returns when it is ready.
func (c *Client) Start(ctx context.Context, service string) error {
	return c.move(ctx, "start", service)
}

func (c *Client) move(ctx context.Context, verb, service string) error {
	return c.Post(ctx, "", "/sim/"+verb, map[string]string{"service": service}, nil)
}
