package importer

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// zone is where the days of a summary begin and end.
const zone = "Europe/Stockholm"

// Simulation is an import with the simulated clock following the lines.
type Simulation struct {
	Client    *client.Client
	Sender    Sender
	Until     string   // civil date; the clock ends at its noon
	Snapshots []string // civil dates
	Refused   io.Writer
	Progress  Progress
	Note      func(text string) // told what could not be done, such as a snapshot in the past

	now     time.Time
	changed bool // a line was stored since the system was last settled
	taken   map[string]Snapshot
}

// Progress shows how far an import is.
type Progress interface {
	Line(n int)        // n lines are done
	Clock(t time.Time) // the simulated clock stands at t
}

// Run imports the lines of r and returns the summary.
func (s *Simulation) Run(ctx context.Context, r io.Reader) (Result, error) {
	until, err := Noon(s.Until)
	if err != nil {
		return Result{}, err
	}
	pending, err := s.start(ctx)
	if err != nil {
		return Result{}, err
	}
	tally := NewTally()
	err = Lines(r, func(line Line) error {
		if pending, err = s.reach(ctx, line.At, pending); err != nil {
			return err
		}
		verdict, err := s.Sender.Send(ctx, line)
		if err != nil {
			return fmt.Errorf("line %d: %w", line.Number, err)
		}
		tally.Count(verdict)
		s.changed = s.changed || verdict.Reason == "" && !verdict.Duplicate
		s.Progress.Line(line.Number)
		if verdict.Reason == "" {
			return nil
		}
		return writeRefused(s.Refused, line, verdict)
	})
	if err != nil {
		return Result{}, err
	}
	if _, err := s.reach(ctx, until, pending); err != nil {
		return Result{}, err
	}
	return result(ctx, s.Client, tally, s.taken)
}

// start settles the system where it stands and returns the snapshots still to come.
func (s *Simulation) start(ctx context.Context) ([]string, error) {
	s.taken = map[string]Snapshot{}
	now, err := s.Client.Clock(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the simulated clock (is the system up with --clock simulated?): %w", err)
	}
	if err := s.advance(ctx, now.Now); err != nil {
		return nil, err
	}
	pending := slices.Sorted(slices.Values(s.Snapshots))
	for i, day := range pending {
		noon, err := Noon(day)
		if err != nil {
			return nil, err
		}
		if !noon.Before(s.now) {
			return pending[i:], nil
		}
		s.Note("the clock is past " + day + ": no snapshot of that day")
	}
	return nil, nil
}

// reach takes the clock to at, stopping for the snapshots on the way, and leaves the
// system settled. A time that is not readable, or passed in an earlier run, moves nothing.
func (s *Simulation) reach(ctx context.Context, at time.Time, pending []string) ([]string, error) {
	for len(pending) > 0 && !at.IsZero() {
		noon, err := Noon(pending[0])
		if err != nil {
			return pending, err
		}
		if noon.After(at) {
			break
		}
		if err := s.stride(ctx, noon); err != nil {
			return pending, err
		}
		if s.taken[pending[0]], err = snapshot(ctx, s.Client); err != nil {
			return pending, err
		}
		pending = pending[1:]
	}
	if at.After(s.now) {
		return pending, s.stride(ctx, at)
	}
	if s.changed {
		return pending, s.advance(ctx, s.now)
	}
	return pending, nil
}

// longestStride keeps one request to the clock short and the progress bar moving.
const longestStride = 31 * 24 * time.Hour

func (s *Simulation) stride(ctx context.Context, to time.Time) error {
	for to.Sub(s.now) > longestStride {
		if err := s.advance(ctx, s.now.Add(longestStride)); err != nil {
			return err
		}
	}
	return s.advance(ctx, to)
}

func (s *Simulation) advance(ctx context.Context, to time.Time) error {
	reached, err := s.Client.Advance(ctx, to)
	if err != nil {
		return fmt.Errorf("advance the clock to %s: %w", to.UTC().Format(time.RFC3339), err)
	}
	s.now, s.changed = reached.Now, false
	s.Progress.Clock(s.now)
	return nil
}

// Noon is twelve o'clock in Stockholm of a civil date.
func Noon(date string) (time.Time, error) {
	stockholm, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("load time zone: %w", err)
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no date: want 2006-01-02", date)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, stockholm), nil
}
