package reference

import (
	"maps"
	"slices"
)

// holding: a hold on something that lives, or the end of one.
func holding(w *world, l *life) (may []act) {
	var targets []event
	for _, id := range l.units() {
		u := l.r.units[id]
		if l.x[id].state == "gone" {
			continue
		}
		for _, record := range u.records {
			targets = append(targets, event{scope: "record", target: record})
		}
		if u.person != "" {
			targets = append(targets, event{scope: "person", target: u.person})
		}
		if u.share != "" {
			targets = append(targets, event{scope: "case", target: l.r.shares[u.share].caseID})
		}
	}
	standing := 0
	for _, id := range slices.Sorted(maps.Keys(l.r.holds)) {
		if !l.r.holds[id].released {
			standing++
			may = append(may, act{do: func() { w.decide(l, event{what: released, hold: id, at: w.now}) }})
		}
	}
	if len(targets) > 0 && standing < 2 {
		may = append(may, act{do: func() {
			e := oneOf(w, targets, "what is held")
			e.what, e.hold, e.at = placed, l.fresh("hold"), w.now
			e.reason = oneOf(w, []string{"complaint", "court", "control-case", "document-request", "restriction"}, "reason")
			for _, h := range l.r.holds {
				if !h.released && h.scope == e.scope && h.target == e.target && h.reason == e.reason {
					return
				}
			}
			w.decide(l, e)
		}})
	}
	return may
}
