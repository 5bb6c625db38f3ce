package calendar

import (
	"fmt"
	"regexp"
	"strconv"
)

// Period is a span of the civil calendar, never of hours. A year is twelve months, and months are added in one step.
type Period struct {
	Months int
	Days   int
}

var (
	worded = regexp.MustCompile(`^([0-9]{1,4}) (day|week|month|year)s?$`)
	iso    = regexp.MustCompile(`^P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?$|^P([0-9]{1,5})D$`)
)

// ParsePeriod reads "15 months", "29 days", "3 weeks", "3 years", "P15M", "P29D", "P3Y" or "P2Y2M". A week is seven days. A number without a unit, a
// fraction, a span of nothing and a mixture of months and days are errors: no promise is written in those words.
func ParsePeriod(s string) (Period, error) {
	var p Period
	if m := worded.FindStringSubmatch(s); m != nil {
		p = inUnit(m[2], count(m[1]))
	} else if m := iso.FindStringSubmatch(s); m != nil {
		p = Period{Months: 12*count(m[1]) + count(m[2]), Days: count(m[3])}
	}
	if p == (Period{}) {
		return Period{}, fmt.Errorf("parse period %q: want a whole number above 0 and its unit, as \"15 months\" or \"P15M\"", s)
	}
	return p, nil
}

func inUnit(unit string, n int) Period {
	switch unit {
	case "year":
		return Period{Months: 12 * n}
	case "month":
		return Period{Months: n}
	case "week":
		return Period{Days: 7 * n}
	default:
		return Period{Days: n}
	}
}

func count(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern lets only digits through; an absent part is 0
	return n
}

// String says the period in words that ParsePeriod reads, "15 months" or "29 days"; the span of nothing is "0 days".
func (p Period) String() string {
	switch {
	case p.Months != 0 && p.Days != 0:
		return fmt.Sprintf("P%dM%dD", p.Months, p.Days)
	case p.Months != 0:
		return plural(p.Months, "month")
	default:
		return plural(p.Days, "day")
	}
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// IsZero says whether p spans nothing.
func (p Period) IsZero() bool { return p == Period{} }

// MarshalText writes String.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what ParsePeriod reads.
func (p *Period) UnmarshalText(text []byte) error {
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
