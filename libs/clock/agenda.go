package clock

import (
	"context"
	"sync"
	"time"
)

// Agenda drives one unit of work at business deadlines: a due sweep, a
// redelivery, a daily publication. The same Run serves a real and a simulated
// clock.
type Agenda struct {
	Name string
	// Next is the earliest deadline that waits, in UTC; ok is false when
	// nothing waits.
	Next func(ctx context.Context) (at time.Time, ok bool, err error)
	// Run does all that is due at now and can be done. What it must leave (a
	// watermark is missing, a recipient is down) it is called for again after a
	// Poke, a move of the clock, or a short while.
	Run func(ctx context.Context, now time.Time) error

	mu    sync.Mutex
	poked chan struct{}
	state State
	ended bool // a first round has ended
	dirty bool
	fault error
}

// Poke says that deadlines may have changed: call it after each commit that
// adds or changes one.
func (a *Agenda) Poke() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dirty = true
	select {
	case a.signal() <- struct{}{}:
	default:
	}
}

// signal is called with the lock held.
func (a *Agenda) signal() chan struct{} {
	if a.poked == nil {
		a.poked = make(chan struct{}, 1)
	}
	return a.poked
}

// Loop works until ctx ends and returns its error. Faults of Next and Run are
// retried with Pace; Fault tells the last one.
func (a *Agenda) Loop(ctx context.Context, b Business) error {
	a.mu.Lock()
	poked := a.signal()
	a.mu.Unlock()
	for {
		moved, version := b.Moved(), b.Version()
		a.begin()
		next, ok, idleFor := a.round(ctx, b)
		a.end(version, next, ok)
		if err := wait(ctx, moved, poked, idleFor); err != nil {
			return err
		}
	}
}

// round runs what is due until nothing is, or until a run changes nothing. It
// returns how long to wait at most.
func (a *Agenda) round(ctx context.Context, b Business) (next time.Time, ok bool, idleFor time.Duration) {
	for {
		now := b.Now()
		at, waits, err := a.Next(ctx)
		if err != nil {
			a.fail(err)
			return time.Time{}, false, retryAgenda
		}
		if !waits {
			a.fail(nil)
			return at, false, idleAtMost
		}
		if at.After(now) {
			a.fail(nil)
			return at, true, until(b, at)
		}
		if ctx.Err() != nil {
			return at, true, retryAgenda
		}
		if err := a.Run(ctx, now); err != nil {
			a.fail(err)
			return at, true, retryAgenda
		}
		a.did()
		if again, still, err := a.Next(ctx); err == nil && still && again.Equal(at) {
			return at, true, retryAgenda
		}
	}
}

const (
	// retryAgenda is when what was left is tried again.
	retryAgenda = 100 * time.Millisecond
	// idleAtMost is how long a deadline that another instance made, and told nobody of
	// before it died, may stay unknown here.
	idleAtMost = 5 * time.Second
)

func until(b Business, at time.Time) time.Duration {
	if b.Simulated() {
		return idleAtMost
	}
	return min(idleAtMost, at.Sub(b.Now()))
}

func wait(ctx context.Context, moved, poked <-chan struct{}, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-moved:
	case <-poked:
	case <-t.C:
	}
	return nil
}

func (a *Agenda) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dirty = false
	a.state.Busy = 1
}

func (a *Agenda) end(version int64, next time.Time, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	a.state.Busy, a.state.ClockVersion, a.state.Next = 0, version, time.Time{}
	if ok {
		a.state.Next = next
	}
}

func (a *Agenda) did() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.Work++
}

func (a *Agenda) fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fault = err
}

// Fault is what the last round failed with, nil when it did not.
func (a *Agenda) Fault() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.fault
}

// Report says whether a round is under way or owed, and the next deadline.
func (a *Agenda) Report(context.Context) (State, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.state
	if a.dirty || !a.ended {
		s.Busy++
	}
	if a.fault != nil {
		s.Busy++
	}
	return s, nil
}
