package policy

import "gallra.se/libs/calendar"

// Deadline is a time within which the authority, or the person, must have answered.
type Deadline struct {
	ID          string // answer, refusal, public-document or appeal
	Requirement string
	Also        []string
	Title       Title
	LegalSource string
	Trigger     string            // request-received or refusal-served
	Period      calendar.Period   // none where WorkingDays counts
	Extension   calendar.Period   // in place of Period, from the same day; zero: it cannot be extended
	WorkingDays int               // 0: Period counts
	Holidays    calendar.Holidays // that move its end
}

// Deadline is the deadline with that id.
func (p *Pack) Deadline(id string) (Deadline, bool) {
	for _, d := range p.Deadlines {
		if d.ID == id {
			return d, true
		}
	}
	return Deadline{}, false
}

// For is when the answer must have been given to what was received (for an appeal: served) on that day. An extension
// counts from the same day (L-18), and only where there is one.
func (d Deadline) For(received calendar.Date, extended bool) calendar.Deadline {
	switch {
	case d.WorkingDays > 0:
		return calendar.WithinWorkingDays(received, d.WorkingDays, d.Holidays)
	case extended && !d.Extension.IsZero():
		return calendar.Within(received, d.Extension, d.Holidays)
	default:
		return calendar.Within(received, d.Period, d.Holidays)
	}
}
