package importer

import (
	"context"
	"fmt"
	"io"

	"gallra.se/services/gallra/internal/client"
)

// DirectConfig is an import on the system's own time.
type DirectConfig struct {
	Client   *client.Client
	Patience *client.Patience
	Sender   Sender
	Stream   bool // lines go as NDJSON streams and not one by one
	Refused  io.Writer
	Progress Progress
}

// Direct imports the lines of r without touching any clock.
func Direct(ctx context.Context, c DirectConfig, r io.Reader) (*Tally, error) {
	if c.Stream {
		return (&Stream{Client: c.Client, Patience: c.Patience, Refused: c.Refused, Progress: c.Progress}).Run(ctx, r)
	}
	tally := NewTally()
	return tally, Lines(r, func(line Line) error {
		verdict, err := c.Sender.Send(ctx, line)
		if err != nil {
			return fmt.Errorf("line %d: %w", line.Number, err)
		}
		tally.Count(verdict)
		c.Progress.Line(line.Number)
		if verdict.Reason == "" {
			return nil
		}
		return writeRefused(c.Refused, line, verdict)
	})
}
