package recording

import (
	"slices"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// Reason keeps a recording longer, through Until; EndedOn is zero while it stands.
type Reason struct {
	Name           string
	Until, EndedOn calendar.Date
}

func (r Reason) stands() bool { return r.EndedOn.IsZero() }

// last is the last day that the reason gives.
func (r Reason) last() calendar.Date {
	if !r.stands() && r.EndedOn.Before(r.Until) {
		return r.EndedOn
	}
	return r.Until
}

// Kept is what counts for how long a recording is kept.
type Kept struct {
	Category string
	EndedOn  calendar.Date // of the call; zero while it goes on
	Reasons  []Reason
}

// Last is the last day that any reason gives, and whether one stands; the name is that of the reason.
func (k Kept) Last() (on calendar.Date, name string, stands bool) {
	for _, r := range k.Reasons {
		stands = stands || r.stands()
		if on.Before(r.last()) {
			on, name = r.last(), r.Name
		}
	}
	return on, name, stands
}

// schedule of a recording with what is known here.
func (k Kept) schedule(pack *policy.Pack) deadline.Schedule {
	until, _, _ := k.Last()
	return deadline.Of(pack, deadline.Facts{Category: k.Category, CollectedOn: k.EndedOn, Own: k.EndedOn, ExtendedUntil: until})
}

// GoneFrom is the day from whose 00:00 the recording is gone; zero while the call goes on.
func (k Kept) GoneFrom(pack *policy.Pack) calendar.Date {
	due, _ := deadline.DueOf(pack, k.schedule(pack), calendar.Date{})
	return due.On
}

// Extend keeps a single recording longer, decided while it exists (KSC-14): through the day asked for or the last one
// before its ceiling, whichever is earlier. It refuses a reason that the notice does not name, a call that goes on, a
// recording that is gone, and a day that would not keep it longer.
func Extend(pack *policy.Pack, k Kept, reason string, until, today calendar.Date) (Reason, error) {
	e, ok := pack.Extension(k.Category)
	if !ok || !slices.Contains(e.Reasons, reason) {
		return Reason{}, problem.OnField("invalid-field", "reason")
	}
	if k.EndedOn.IsZero() {
		return Reason{}, problem.New("conflict")
	}
	if gone := k.GoneFrom(pack); !today.Before(gone) {
		return Reason{}, problem.New("gone")
	}
	plain := Kept{Category: k.Category, EndedOn: k.EndedOn}
	if until.Before(plain.GoneFrom(pack)) {
		return Reason{}, problem.OnField("invalid-field", "until")
	}
	s := k.schedule(pack)
	if s.Ceiling == nil {
		return Reason{}, problem.New("conflict") // no ceiling runs, so none would be kept
	}
	if last := s.Ceiling.DueOn.AddDays(-1); last.Before(until) {
		until = last
	}
	return Reason{Name: reason, Until: until}, nil
}

// EndReasons ends the reasons of that name, or all where the name is empty; what ended before stays as it is. known is
// false where there never was one.
func EndReasons(reasons []Reason, name string, today calendar.Date) (ended []Reason, known bool) {
	for _, r := range reasons {
		if name != "" && r.Name != name {
			continue
		}
		known = true
		if r.stands() {
			r.EndedOn = today
			ended = append(ended, r)
		}
	}
	return ended, known
}

// With are the reasons with some in the place of those of the same name.
func With(reasons []Reason, changed ...Reason) []Reason {
	all := slices.Clone(reasons)
	for _, c := range changed {
		if i := slices.IndexFunc(all, func(r Reason) bool { return r.Name == c.Name }); i >= 0 {
			all[i] = c
		} else {
			all = append(all, c)
		}
	}
	return all
}
