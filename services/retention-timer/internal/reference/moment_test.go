package reference

import (
	"time"
)

// Days on which calendars go wrong: ends of months, leap days, the nights of summer and winter time, and 2038.
func (w *world) oddDay(after date) date {
	switch w.within(0, 5, "odd day") {
	case 0: // the end of February
		d := date{after.year, 2, monthLength(after.year, 2)}
		for !after.before(d) {
			d = date{d.year + 1, 2, monthLength(d.year+1, 2)}
		}
		return d
	case 1: // the next leap day
		d := date{after.year, 2, 29}
		for !leap(d.year) || !after.before(d) {
			d.year++
		}
		return d
	case 2: // the last days of a month
		d := date{after.year, after.month, monthLength(after.year, after.month)}
		if !after.before(d) {
			d = date{d.year, d.month, 1}.plusMonths(1)
			d.day = monthLength(d.year, d.month)
		}
		return d.plusDays(w.within(-2, 1, "days about the month's end"))
	case 3:
		return nightOf(after, 3)
	case 4:
		return nightOf(after, 10)
	}
	return date{after.year, 12, 31}.plusDays(w.within(-3, 1, "days about the year's end"))
}

func nightOf(after date, month int) date {
	d := dayOf(lastSunday(after.year, month), stockholm)
	if !after.before(d) {
		d = dayOf(lastSunday(after.year+1, month), stockholm)
	}
	return d
}

// start is where a world begins: mostly in our time, sometimes about 2038 or late.
func (w *world) start() date {
	year := oneOf(w, []int{2021, 2019, 2020, 2023, 2024, 2028, 2035, 2037, 2038, 2044, 2050}, "year")
	return date{year, 1, 1}.plusDays(w.within(0, 364, "day of the year"))
}

// later is the moment of the next thing that happens.
func (w *world) later() time.Time {
	today := w.today()
	var d date
	switch w.within(0, 9, "how much later") {
	case 0, 1, 2, 3:
		return w.now
	case 4, 5:
		d = today.plusDays(w.within(0, 40, "days later"))
	case 6:
		d = today.plusDays(w.within(40, 900, "many days later"))
	case 7:
		d = w.oddDay(today)
	default: // the last day of something
		var dues []date
		for _, l := range w.lives {
			for _, id := range l.units() {
				if x := l.x[id]; !x.due.none() && today.before(x.due) {
					dues = append(dues, x.due)
				}
			}
		}
		if len(dues) == 0 {
			return w.now
		}
		d = oneOf(w, dues, "last day").plusDays(-1)
	}
	at := w.timeOn(d)
	if at.Before(w.now) {
		return w.now
	}
	return at
}

// timeOn is a time of a day, often its first or last second.
func (w *world) timeOn(d date) time.Time {
	switch w.within(0, 4, "time of day") {
	case 0:
		return d.midnight(w.policy.zone)
	case 1:
		return d.at(w.policy.zone, 23, 59, 59)
	case 2:
		return d.at(w.policy.zone, 0, 0, 1)
	}
	return d.at(w.policy.zone, w.within(5, 22, "hour"), 12, 0)
}

// between is a day of a range, both ends included, often one of them.
func (w *world) between(from, to date) date {
	n := to.number() - from.number()
	if n <= 0 {
		return from
	}
	switch w.within(0, 4, "which day") {
	case 0:
		return from
	case 1, 2:
		return to
	case 3:
		if d := w.oddDay(from); !to.before(d) && !d.before(from) {
			return d
		}
	}
	return from.plusDays(w.within(0, n, "day"))
}

// effective is the day from which a decision of today counts: mostly today, at times earlier or later.
func (w *world) effective(earliest date) date {
	d := w.today()
	switch w.within(0, 5, "effective") {
	case 0:
		d = w.between(earliest, d)
	case 1:
		d = d.plusDays(w.within(1, 400, "days ahead"))
	}
	if d.before(earliest) {
		return earliest
	}
	return d
}
