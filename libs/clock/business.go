package clock

import "time"

// Business is the time that periods are counted in, always UTC.
type Business interface {
	// Now is the present business time in UTC, truncated to microseconds, the
	// precision that the database keeps.
	Now() time.Time
	// Version grows with every move of a simulated clock; 0 when real.
	Version() int64
	// Simulated says whether the time is moved by a Coordinator.
	Simulated() bool
	// Moved is closed at the next move of a simulated clock; nil when real.
	// Take the channel before reading Now, or a move may be missed.
	Moved() <-chan struct{}
}

// Real is the business clock of a production system: the machine's time.
func Real() Business { return realClock{} }

type realClock struct{}

func (realClock) Now() time.Time         { return time.Now().UTC().Truncate(time.Microsecond) }
func (realClock) Version() int64         { return 0 }
func (realClock) Simulated() bool        { return false }
func (realClock) Moved() <-chan struct{} { return nil }
