package generalise

import (
	"fmt"

	"gallra.se/libs/calendar"
)

func sex(s string) value {
	if s == "female" || s == "male" {
		return known(s)
	}
	return assumed("unknown")
}

// The ends of the age scale are open, so that the very young and the very old
// are not alone in their bands.
const (
	youngest, oldest = 20, 65
	bandWidth        = 5
)

// ageBand is the five-year band of the age in completed years on the day of
// closure. Who was born on 29 February is a year older on 1 March.
func ageBand(born, on calendar.Date) value {
	if born.IsZero() || on.Before(born) {
		return assumed("*")
	}
	age := on.Year - born.Year
	if on.Month < born.Month || on.Month == born.Month && on.Day < born.Day {
		age--
	}
	switch {
	case age < youngest:
		return known(fmt.Sprintf("<%d", youngest))
	case age >= oldest:
		return known(fmt.Sprintf(">=%d", oldest))
	}
	from := age - age%bandWidth
	return known(fmt.Sprintf("%d-%d", from, from+bandWidth-1))
}

// occupation is the two-digit group of SSYK 2012.
func occupation(ssyk string) value {
	if len(ssyk) < 2 || len(ssyk) > 4 {
		return assumed("*")
	}
	for _, digit := range ssyk {
		if digit < '0' || digit > '9' {
			return assumed("*")
		}
	}
	return known(ssyk[:2])
}

func priorBand(n int) string {
	switch {
	case n <= 0:
		return "0"
	case n == 1:
		return "1"
	}
	return "2+"
}
