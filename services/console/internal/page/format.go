package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gallra.se/libs/policy"
	"gallra.se/services/console/internal/board"
	"gallra.se/services/console/internal/summary"
)

// number groups digits by threes with a space that does not break: 11 600.
func number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func title(t Texts, p policy.Title) string {
	if t.Tag == "sv" {
		return p.Sv
	}
	return p.En
}

// period says "15 months" in the page's language; years where the months make whole ones.
func period(t Texts, p board.Promise) string {
	n, unit, ok := strings.Cut(p.Period, " ")
	if !ok {
		return p.Period
	}
	word := map[string]string{"months": t.Months, "days": t.Days, "years": t.Years, "month": t.Month, "day": t.Day, "year": t.Year}[unit]
	if count, err := strconv.Atoi(n); err == nil && unit == "months" && count%12 == 0 {
		n, word = strconv.Itoa(count/12), t.Years
	}
	if n == "1" && word == t.Years {
		word = t.Year
	}
	if word == "" {
		word = unit
	}
	if p.AtLatest {
		return fmt.Sprintf("%s %s, %s", n, word, t.AtLatest)
	}
	return n + " " + word
}

// share is how much of all records under a rule is destroyed, 0 to 100.
func share(c board.Counts) int64 {
	if c.Running+c.Disposed == 0 {
		return 0
	}
	return 100 * c.Disposed / (c.Running + c.Disposed)
}

func orNone(t Texts, s string) string {
	if s == "" {
		return t.None
	}
	return s
}

// names of counts in alphabetical order.
func names(c summary.Counts) []string {
	var out []string
	for name := range c {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
