package calendar

import "time"

// Deadline is when an answer must have been given.
type Deadline struct {
	Nominal Date // E, before any holiday rule
	Target  Date // the authority's own aim: the last working day on or before E
	LastDay Date // the last day by law: E, or the next working day where E is none
}

// Respond is the deadline of an answer due months after the request was received (GDPR article 12.3: 1; with a notice of
// extension 3, counted from the receipt and not from the first end). The day of receipt is not counted.
func Respond(received Date, months int, h Holidays) Deadline {
	return Within(received, Period{Months: months}, h)
}

// appealWeeks: an appeal must be in within three weeks from the day the decision was served (SFS 2017:900 section 44).
const appealWeeks = 3

// AppealEnd is the deadline of an appeal against a decision served on that day.
func AppealEnd(served Date, h Holidays) Deadline {
	return Within(served, Period{Days: 7 * appealWeeks}, h)
}

// Within is the deadline of what is due a period after the day, which is not counted.
func Within(from Date, p Period, h Holidays) Deadline { return deadlineAt(End(from, p), h) }

// WithinWorkingDays is the deadline of what is due n working days after the day, which is not counted.
func WithinWorkingDays(from Date, n int, h Holidays) Deadline {
	d := from
	for range n {
		d = workingDay(d.AddDays(1), +1, h)
	}
	return deadlineAt(d, h)
}

func deadlineAt(e Date, h Holidays) Deadline {
	return Deadline{Nominal: e, Target: workingDay(e, -1, h), LastDay: workingDay(e, +1, h)}
}

func workingDay(d Date, step int, h Holidays) Date {
	for !Working(d, h) {
		d = d.AddDays(step)
	}
	return d
}

// Working says whether an authority works on d: not a Saturday, a Sunday or a holiday of h.
func Working(d Date, h Holidays) bool {
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && !h.Holiday(d)
}

// Holidays knows the days, other than weekends, on which a deadline cannot end.
type Holidays interface{ Holiday(d Date) bool }
