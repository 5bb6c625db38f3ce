package reference

import (
	"fmt"
	"time"
)

// date is a day of the Gregorian calendar. The zero date means: none.
type date struct{ year, month, day int }

// zone is an authority's: hours that its winter time lies ahead of UTC. Summer time adds one, by directive 2000/84/EC.
type zone int

const (
	stockholm zone = 1
	helsinki  zone = 2
)

func day(text string) date {
	var d date
	if n, err := fmt.Sscanf(text, "%4d-%2d-%2d", &d.year, &d.month, &d.day); n != 3 || err != nil {
		panic("not a date: " + text)
	}
	return d
}

func (d date) String() string {
	if d == (date{}) {
		return "none"
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

func (d date) none() bool { return d == date{} }

func (d date) before(o date) bool { return d.number() < o.number() }

// number counts days since 1 March of the year 0, which puts the leap day last in the year.
func (d date) number() int {
	y, m := d.year, d.month-3
	if m < 0 {
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*m+2)/5 + d.day - 1
}

func leap(year int) bool { return year%4 == 0 && year%100 != 0 || year%400 == 0 }

func monthLength(year, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// plusDays walks: slow and hard to get wrong.
func (d date) plusDays(n int) date {
	for ; n > 0; n-- {
		if d.day++; d.day > monthLength(d.year, d.month) {
			d.day, d.month = 1, d.month+1
		}
		if d.month > 12 {
			d.month, d.year = 1, d.year+1
		}
	}
	for ; n < 0; n++ {
		if d.day--; d.day < 1 {
			if d.month--; d.month < 1 {
				d.month, d.year = 12, d.year-1
			}
			d.day = monthLength(d.year, d.month)
		}
	}
	return d
}

// plusMonths keeps the day's number, or ends on the last day where the month has no such day (SFS 1930:173 1 s.).
// It is one step: 26 months are never 12 and 14.
func (d date) plusMonths(n int) date {
	for ; n > 0; n-- {
		if d.month++; d.month > 12 {
			d.month, d.year = 1, d.year+1
		}
	}
	d.day = min(d.day, monthLength(d.year, d.month))
	return d
}

// weekday: 0 is Monday. 1 March of the year 0 was a Wednesday.
func (d date) weekday() int { return (d.number() + 2) % 7 }

// firstMondayAfter is never the day itself.
func (d date) firstMondayAfter() date { return d.plusDays(7 - d.weekday()) }

// summer says whether a moment, in UTC, lies between 01:00 on the last Sunday of March and that of October.
func summer(utc time.Time) bool {
	return !utc.Before(lastSunday(utc.Year(), 3)) && utc.Before(lastSunday(utc.Year(), 10))
}

func lastSunday(year, month int) time.Time {
	d := date{year, month, monthLength(year, month)}
	d = d.plusDays(-((d.weekday() + 1) % 7))
	return time.Date(d.year, time.Month(d.month), d.day, 1, 0, 0, 0, time.UTC)
}

// at is a local time of day as an instant. Nothing here asks for the hour that a spring night leaves out.
func (d date) at(z zone, hour, minute, second int) time.Time {
	winter := time.Date(d.year, time.Month(d.month), d.day, hour-int(z), minute, second, 0, time.UTC)
	if earlier := winter.Add(-time.Hour); summer(earlier) {
		return earlier
	}
	return winter
}

// midnight is where the day begins, and where what is gone from this day is gone.
func (d date) midnight(z zone) time.Time { return d.at(z, 0, 0, 0) }

// dayOf is the local day of an instant.
func dayOf(at time.Time, z zone) date {
	utc := at.UTC()
	if summer(utc) {
		z++
	}
	local := utc.Add(time.Duration(z) * time.Hour)
	return date{local.Year(), int(local.Month()), local.Day()}
}
