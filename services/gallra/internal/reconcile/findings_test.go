package reconcile

import (
	"testing"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
)

func sound() Seen {
	return Seen{
		Reports: []clock.Report{
			{Service: "intake", State: clock.State{Positions: map[string]uint64{"EV_CASE": 7}}},
			{Service: "ledger", State: clock.State{Positions: map[string]uint64{"EV_CASE": 7, "EV_CONTACT": 3}, Share: clock.Share{Rank: 0, Of: 2}}},
			{Service: "ledger", State: clock.State{Positions: map[string]uint64{"EV_CASE": 7, "EV_CONTACT": 3}, Share: clock.Share{Rank: 1, Of: 2}}},
		},
		Ends:    map[string]uint64{"EV_CASE": 7, "EV_CONTACT": 3},
		Awaited: []string{"intake", "ledger"},
		Orders:  map[string]bus.Order{"intake": {Events: 3}},
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
		"one instance is behind":          func(s *Seen) { s.Reports[2].Positions["EV_CONTACT"] = 2 },
		"a share is nobody's":             func(s *Seen) { s.Reports = s.Reports[:2] },
		"two have one share":              func(s *Seen) { s.Reports[2].Share.Rank = 0 },
		"an event overtook another":       func(s *Seen) { s.Orders["intake"] = bus.Order{Events: 3, Inverted: 1} },
		"an event never arrived":          func(s *Seen) { s.Deliveries = []Delivery{{From: "intake", To: "ledger", Wanted: 9, Missing: 1}} },
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
