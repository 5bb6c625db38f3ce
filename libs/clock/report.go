package clock

import (
	"context"
	"time"
)

// Reporting is a part of an instance that can say how far it has come: a
// consumer, a relay, an agenda, a worker.
type Reporting interface {
	Report(ctx context.Context) (State, error)
}

// State is how far a part, or a whole instance, has come.
type State struct {
	Busy         int               `json:"busy"`                // pieces of work in flight
	Unsent       int               `json:"unsent"`              // committed outbox rows not yet published
	Positions    map[string]uint64 `json:"positions,omitempty"` // stream → last sequence applied or passed over
	Work         uint64            `json:"work"`                // grows with every piece of work ever done
	Next         time.Time         `json:"next,omitzero"`       // the next business deadline, zero for none
	ClockVersion int64             `json:"clockVersion"`        // the clock version handled; 0: does not depend on it
	WaitsFor     []string          `json:"waitsFor,omitempty"`  // services whose word the busy work waits for
	Parked       int               `json:"parked"`              // events set aside after a permanent refusal
	Share        Share             `json:"share,omitzero"`      // of the partitions; the positions speak for these alone
}

// Report is an instance's State with its name.
type Report struct {
	Service  string `json:"service"`
	Instance string `json:"instance"`
	Seen     int64  `json:"seen,omitempty"` // clock version that the instance counts from
	State
}

// join adds what another part says.
func (s *State) join(o State) {
	s.Busy += o.Busy
	s.Unsent += o.Unsent
	s.Work += o.Work
	s.Parked += o.Parked
	s.WaitsFor = append(s.WaitsFor, o.WaitsFor...)
	if o.Share.Of != 0 {
		s.Share = o.Share
	}
	for stream, seq := range o.Positions {
		if s.Positions == nil {
			s.Positions = map[string]uint64{}
		}
		s.Positions[stream] = seq
	}
	if !o.Next.IsZero() && (s.Next.IsZero() || o.Next.Before(s.Next)) {
		s.Next = o.Next
	}
	if o.ClockVersion != 0 && o.ClockVersion < s.ClockVersion {
		s.ClockVersion = o.ClockVersion
	}
}
