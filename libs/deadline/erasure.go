package deadline

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Kept is the requirement for which a record is not erased on a day, whatever the ground, or "": it is preserved, nobody may
// delete it before its period has ended, or the pack keeps its category from every erasure (AFG-42, AFG-63, STH-18, L-22).
// An open case keeps nothing from it.
func Kept(p *policy.Pack, f Facts, today calendar.Date) string {
	if r, preserved := p.Preserved(f.Category, f.CaseType); preserved {
		return r.Requirement
	}
	s := Of(p, f)
	for _, r := range p.Ending(f.Category, f.CaseType) {
		if r.Floor && (s.Floor.IsZero() || today.Before(s.Floor)) {
			return r.Requirement
		}
	}
	return p.Erasure().Keeps(f.Category)
}
