package page

import (
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

// period is a promise's period in the page's language, or what stands in its place.
func period(t Texts, p board.Promise) string {
	switch {
	case p.NoEnd:
		return t.NoEnd
	case p.Ordered:
		return t.Ordered
	case p.NotStated:
		return t.NotStated
	}
	return span(t, p.Period, p.Mode)
}

// span says "15 months" in the page's language, with what the mode adds.
func span(t Texts, period, mode string) string {
	text := spanIn(t, period)
	switch {
	case text == "":
		return ""
	case mode == "ceiling":
		return text + ", " + t.AtLatest
	case mode == "weekly":
		return text + ", " + t.Weekly
	}
	return text
}

// spanOf reads a period with its mode, "15 months exact", as differences between packs have it.
func spanOf(t Texts, text string) string {
	i := strings.LastIndex(text, " ")
	switch {
	case text == "not stated":
		return t.NotStated
	case i > 0 && slices.Contains([]string{"exact", "ceiling", "weekly"}, text[i+1:]):
		return span(t, text[:i], text[i+1:])
	}
	return spanIn(t, text)
}

// spanIn is a number and its unit in the page's language; years where the months make whole ones, but for the
// 24 months that the notices speak of. Anything else stays.
func spanIn(t Texts, period string) string {
	n, unit, ok := strings.Cut(period, " ")
	count, err := strconv.Atoi(n)
	if !ok || err != nil {
		return period
	}
	one := map[string]string{"month": t.Month, "months": t.Month, "day": t.Day, "days": t.Day, "week": t.Week, "weeks": t.Week, "year": t.Year, "years": t.Year}[unit]
	many := map[string]string{t.Month: t.Months, t.Day: t.Days, t.Week: t.Weeks, t.Year: t.Years}[one]
	switch {
	case one == "":
		return period
	case one == t.Month && count > 0 && count%12 == 0 && count != 24:
		count, one, many = count/12, t.Year, t.Years
	}
	if count == 1 {
		return "1 " + one
	}
	return strconv.Itoa(count) + " " + many
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

// short is enough of an id or a hash to tell it from others.
func short(code string) string {
	if len(code) > 12 {
		return code[:8] + "…"
	}
	return code
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func orNothing(day string) string {
	if day == "none" {
		return ""
	}
	return day
}

// dayOr is a civil day, or the word for none.
func dayOr(t Texts, day string) string {
	if day == "" || day == "none" {
		return t.None
	}
	return day
}

// blank is the class of a cell that a phone need not show.
func blank(text string) string {
	if text == "–" {
		return "blank"
	}
	return ""
}

// list is codes in the page's language.
func list(t Texts, codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = t.word(code)
	}
	return strings.Join(words, ", ")
}
