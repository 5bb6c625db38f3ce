package calendar

import (
	"fmt"
	"time"
)

// Mode says which words the promise used, and so on which day a record is gone.
type Mode string

const (
	// Exact is "kept for N" and "normally removed after N": readable through the whole of E, gone from 00:00 on E+1.
	Exact Mode = "exact"
	// Ceiling is "at the latest", "at most": gone from 00:00 on E itself, so that it holds under every reading.
	Ceiling Mode = "ceiling"
	// Weekly is "continuously": readable through E at least, gone from 00:00 on the first Monday after E, when the weekly
	// sweep comes (STH-19).
	Weekly Mode = "weekly"
)

// UnmarshalText refuses every word but the three modes.
func (m *Mode) UnmarshalText(text []byte) error {
	switch read := Mode(text); read {
	case Exact, Ceiling, Weekly:
		*m = read
		return nil
	default:
		return fmt.Errorf("unknown mode %q: want exact, ceiling or weekly", text)
	}
}

// End is E, the day on which period p ends when the event day d0 is not counted: the day of the same number in the end
// month, or that month's last day where the number is missing; then the days.
func End(d0 Date, p Period) Date {
	return addMonths(d0, p.Months).AddDays(p.Days)
}

// addMonths goes all the way in one step: 26 months from 31 December are not 12 and then 14 months.
func addMonths(d Date, n int) Date {
	first := NewDate(d.Year, d.Month+time.Month(n), 1)
	last := NewDate(first.Year, first.Month+1, 0)
	return Date{Year: first.Year, Month: first.Month, Day: min(d.Day, last.Day)}
}

// GoneFrom is the civil date from whose 00:00 local time nothing may be read any more.
func GoneFrom(d0 Date, p Period, m Mode) Date {
	switch e := End(d0, p); m {
	case Exact:
		return e.AddDays(1)
	case Ceiling:
		return e
	case Weekly:
		return nextMonday(e)
	default:
		panic(fmt.Sprintf("calendar: no such mode %q", m))
	}
}

// nextMonday is the first Monday after d, so seven days later where d itself is one.
func nextMonday(d Date) Date {
	return d.AddDays(7 - (int(d.Weekday())+6)%7)
}

// Midnight is the instant of 00:00 local time on d, in UTC. The conversion is the last step of every count. 00:00 exists
// on every day in Stockholm and Helsinki: their clocks change at 02:00 and 03:00.
func Midnight(d Date, loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc).UTC()
}
