// Package sweep tells holders what is due. It is the only place that starts a disposal.
//
// At T it takes running units whose date has come, some thousand in a transaction, and only those that nothing holds back: no hold,
// no parked event of their key, and every producing stream has said that all it committed before the date is published, so
// that a re-registration at 23:59 is never overtaken. What it takes is marked due in the transaction that tells the holder.
package sweep

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// Sweep is the due sweep of one instance.
type Sweep struct {
	DB        *pgxpool.Pool
	Out       schedule.Outbox
	Committed func() // wakes the relay
	Clock     clock.Business
	// Mine, where set, are the partitions whose watermarks this instance hears. For those
	// of the others it does not wait: their word comes to an instance that does.
	Mine func() []int

	mu       sync.Mutex
	waitsFor []string
}

// Agenda drives the sweep.
func (s *Sweep) Agenda() *clock.Agenda {
	return &clock.Agenda{Name: "due sweep", Next: s.next, Run: s.Run}
}

// next is the earliest date that can be worked on. Units that only a missing watermark holds back are left out: the
// watermark's arrival pokes the agenda.
func (s *Sweep) next(ctx context.Context) (time.Time, bool, error) {
	ahead, err := store.LookAhead(ctx, s.DB, s.Clock.Now(), s.mine())
	if err != nil {
		return time.Time{}, false, err
	}
	s.mu.Lock()
	s.waitsFor = ahead.WaitsFor
	s.mu.Unlock()
	if !ahead.Takeable.IsZero() {
		return ahead.Takeable, true, nil
	}
	return ahead.Later, !ahead.Later.IsZero(), nil
}

func (s *Sweep) mine() []int {
	if s.Mine != nil {
		return s.Mine()
	}
	all := make([]int, bus.Partitions)
	for p := range all {
		all[p] = p
	}
	return all
}

// Report says that due units wait for somebody's watermark, and for whose.
func (s *Sweep) Report(context.Context) (clock.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waitsFor) == 0 {
		return clock.State{}, nil
	}
	return clock.State{Busy: 1, WaitsFor: s.waitsFor}, nil
}

// atOnce is how many units one transaction takes, and the rest of the last persons': ten events full.
const atOnce = 10 * events.MaxUnits

// Run takes and tells until nothing can be taken.
func (s *Sweep) Run(ctx context.Context, now time.Time) error {
	for {
		n := 0
		err := pg.Tx(ctx, s.DB, func(tx pgx.Tx) (err error) {
			n, err = s.once(ctx, tx, now)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		fault.Point("sweep.committed")
		s.Committed()
	}
}

func (s *Sweep) once(ctx context.Context, tx pgx.Tx, now time.Time) (int, error) {
	if err := store.SweepAlone(ctx, tx); err != nil {
		return 0, err
	}
	taken, err := store.Take(ctx, tx, now, atOnce)
	if err != nil || len(taken) == 0 {
		return 0, err
	}
	if err := store.MarkDue(ctx, tx, taken); err != nil {
		return 0, err
	}
	if err := s.Out.Append(ctx, tx, letters(taken)...); err != nil {
		return 0, err
	}
	fault.Point("sweep.taken")
	return len(taken), nil
}
