package calendar

import (
	"time"

	"github.com/rickar/cal/v2"
)

// Finland has the days on which a Finnish deadline cannot end: church holidays, Independence Day, the first of May,
// Midsummer's Eve and Christmas Eve (act 150/1930 section 5). New Year's Eve is a working day there.
func Finland() Holidays { return finnish{} }

type finnish struct{}

func (finnish) Holiday(d Date) bool { return anyOn(d, finnishDays) }

var finnishDays = []*cal.Holiday{
	fixed("New Year's Day", time.January, 1),
	fixed("Epiphany", time.January, 6),
	fromEaster("Good Friday", -2),
	fromEaster("Easter Sunday", 0),
	fromEaster("Easter Monday", 1),
	fixed("First of May", time.May, 1),
	fromEaster("Ascension Day", 39),
	fromEaster("Pentecost", 49),
	weekdayFrom("Midsummer's Eve", time.June, 19, time.Friday),
	weekdayFrom("Midsummer Day", time.June, 20, time.Saturday),
	weekdayFrom("All Saints' Day", time.October, 31, time.Saturday),
	fixed("Independence Day", time.December, 6),
	fixed("Christmas Eve", time.December, 24),
	fixed("Christmas Day", time.December, 25),
	fixed("Boxing Day", time.December, 26),
}

func fixed(name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

func fromEaster(name string, days int) *cal.Holiday {
	return &cal.Holiday{Name: name, Offset: days, Func: cal.CalcEasterOffset}
}

// weekdayFrom is the first such weekday on or after the day.
func weekdayFrom(name string, month time.Month, day int, weekday time.Weekday) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Day: day, Offset: 1, Weekday: weekday, Func: cal.CalcWeekdayFrom}
}
