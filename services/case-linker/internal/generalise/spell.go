package generalise

import (
	"fmt"
	"time"

	"gallra.se/libs/calendar"
)

// quarter is all that is said of the day of closure.
func quarter(on calendar.Date) string {
	return fmt.Sprintf("%04dQ%d", on.Year, (int(on.Month)+2)/3)
}

// spellBand is how many whole weeks the case was open. A case that was closed
// before it was opened is a mistake in the source.
func spellBand(opened, closed calendar.Date) value {
	if opened.IsZero() || closed.Before(opened) {
		return assumed("<13")
	}
	weeks := int(calendar.Midnight(closed, time.UTC).Sub(calendar.Midnight(opened, time.UTC)).Hours()) / (24 * 7)
	switch {
	case weeks < 13:
		return known("<13")
	case weeks < 26:
		return known("13-25")
	case weeks < 52:
		return known("26-51")
	case weeks < 104:
		return known("52-103")
	}
	return known(">=104")
}
