package reconcile

import (
	"testing"

	"gallra.se/libs/clock"
)

func sound() Seen {
	return Seen{
		Reports: []clock.Report{
			{Service: "intake", State: clock.State{Positions: map[string]uint64{"EV_CASE": 7}}},
			{Service: "ledger", State: clock.State{Positions: map[string]uint64{"EV_CASE": 7, "EV_CONTACT": 3}}},
		},
		Ends:    map[string]uint64{"EV_CASE": 7, "EV_CONTACT": 3},
		Awaited: []string{"intake", "ledger"},
		Ledger:  Verdict{OK: true, Leaves: 2, Checkpoint: 2},
		Summary: Summary{Stored: map[string]int64{"contact.chat": 3}, Living: map[string]int64{"contact.chat": 1}, Disposed: map[string]int64{"AFC-21": 2}},
	}
}

func TestASoundSystemReconciles(t *testing.T) {
	t.Parallel()
	if r := Judge(sound()); !r.OK {
		t.Fatalf("%+v", r)
	}
}

func TestEveryKindOfLossIsFound(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Seen){
		"a service is silent":             func(s *Seen) { s.Reports = s.Reports[1:] },
		"an event was never published":    func(s *Seen) { s.Reports[0].Unsent = 1 },
		"an event is parked":              func(s *Seen) { s.Reports[0].Parked = 1 },
		"a stream is not read to its end": func(s *Seen) { s.Reports[1].Positions["EV_CONTACT"] = 2 },
		"the ledger was changed":          func(s *Seen) { s.Ledger.OK = false },
		"a receipt is missing":            func(s *Seen) { s.Summary.Disposed["AFC-21"] = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := sound()
			spoil(&seen)
			if Judge(seen).OK {
				t.Error("it reconciles")
			}
		})
	}
}
