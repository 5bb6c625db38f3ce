package calendar

import (
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
)

// Sweden has the Swedish public holidays and, as SFS 1930:173 section 2 sets them beside those, Midsummer's Eve,
// Christmas Eve and New Year's Eve.
func Sweden() Holidays { return swedish{} }

type swedish struct{}

func (swedish) Holiday(d Date) bool { return anyOn(d, se.Holidays) }

func anyOn(d Date, holidays []*cal.Holiday) bool {
	for _, h := range holidays {
		actual, _ := h.Calc(d.Year) // the start of the day in the machine's own zone
		if y, m, day := actual.Date(); (Date{y, m, day}) == d {
			return true
		}
	}
	return false
}
