package recorder

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// together is how many calls are ended before it is looked again.
const together = 500

// Agenda ends the calls that nobody has ended in twelve hours, so that their period begins, and forgets the notices of calls
// that were never recorded. Poke it when a call has begun.
func (d *Desk) Agenda() *clock.Agenda {
	return &clock.Agenda{
		Name: "recordings",
		Next: func(ctx context.Context) (time.Time, bool, error) {
			first, ok, err := store.FirstOpenCall(ctx, d.DB)
			return first.Add(recording.Longest), ok, err
		},
		Run: d.endForgotten,
	}
}

func (d *Desk) endForgotten(ctx context.Context, now time.Time) error {
	then := now.Add(-recording.Longest)
	for {
		open, err := store.OpenCalls(ctx, d.DB, then, together)
		if err != nil {
			return err
		}
		for _, r := range open {
			if err := d.endOverdue(ctx, r); err != nil {
				return err
			}
		}
		if len(open) < together {
			break
		}
	}
	return d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) { return nil, store.ForgetCalls(ctx, tx, then) })
}

// endOverdue ends one call; one that somebody has ended meanwhile is left as it is.
func (d *Desk) endOverdue(ctx context.Context, r store.Recording) error {
	held, _, err := d.living(ctx, r.Authority, r.ID)
	if err == nil {
		_, err = d.end(ctx, r.Authority, held, r.StartedAt.Add(recording.Longest), events.StoppedByTime)
	}
	if reason := problem.From(err).Reason; err != nil && (reason == "conflict" || reason == "gone") {
		return nil
	}
	return err
}
