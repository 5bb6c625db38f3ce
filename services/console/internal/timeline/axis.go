package timeline

import (
	"fmt"
	"strconv"
	"time"

	"gallra.se/libs/calendar"
)

// axis turns days into places, in per cent of the width, with a margin on either side.
type axis struct{ from, until calendar.Date }

const (
	margin   = 2.0 // per cent
	mostTick = 7   // so many labels stand side by side on a phone
)

func axisOf(days []calendar.Date) axis {
	a := axis{days[0], days[0]}
	for _, d := range days {
		if d.Before(a.from) {
			a.from = d
		}
		if d.After(a.until) {
			a.until = d
		}
	}
	if a.from == a.until {
		a.until = a.until.AddDays(30)
	}
	return a
}

func daysBetween(a, b calendar.Date) int {
	return int(calendar.Midnight(b, time.UTC).Sub(calendar.Midnight(a, time.UTC)).Hours() / 24)
}

func (a axis) at(d calendar.Date) float64 {
	return margin + (100-2*margin)*float64(daysBetween(a.from, d))/float64(daysBetween(a.from, a.until))
}

// Tick is the beginning of a year, or of a month where the axis is short.
type Tick struct {
	At    Percent
	Label string
}

// ticks are as close as a phone can show.
func (a axis) ticks() []Tick {
	for _, months := range []int{1, 2, 3, 6, 12, 24, 60, 120, 240} {
		if ticks := a.every(months); len(ticks) <= mostTick {
			return ticks
		}
	}
	return nil
}

func (a axis) every(months int) []Tick {
	var ticks []Tick
	for n := (a.from.Year*12 + int(a.from.Month) - 1) / months * months; ; n += months {
		day := calendar.NewDate(n/12, time.Month(n%12+1), 1)
		if day.After(a.until) {
			return ticks
		}
		if day.Before(a.from) {
			continue
		}
		label := strconv.Itoa(day.Year)
		if months < 12 {
			label = fmt.Sprintf("%d-%02d", day.Year, day.Month)
		}
		ticks = append(ticks, Tick{Percent(a.at(day)), label})
	}
}

// Percent is a place or a width.
type Percent float64

func (p Percent) String() string { return strconv.FormatFloat(float64(p), 'f', 2, 64) + "%" }
