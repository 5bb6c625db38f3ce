package nationalid

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"gallra.se/libs/calendar"
)

// Numbers as they stand in a text: the parts may be apart by spaces and signs.
var (
	swedishWithin = regexp.MustCompile(`[0-9](?:[ +-]{0,3}[0-9]){9,11}`)
	finnishWithin = regexp.MustCompile(`[0-9]{6} ?[-+YXWVUABCDEF] ?[0-9]{3}[0-9A-FHJ-NPR-Y]`)
)

// Within says whether a text written on a day holds a number of the country, in any spelling: full-width digits, other
// dashes, spaces, no sign. It errs on the side of yes: ten digits of something else may happen to be one.
func Within(country, text string, writtenOn calendar.Date) bool {
	text = strings.Map(plain, norm.NFKC.String(text))
	form := swedishWithin
	if country == "FI" {
		text, form = strings.ToUpper(text), finnishWithin
	}
	for start := 0; start < len(text); {
		at := form.FindStringIndex(text[start:])
		if at == nil {
			return false
		}
		if holds(country, text[start+at[0]:start+at[1]], writtenOn) {
			return true
		}
		start += at[0] + 1 // the number may begin a digit later
	}
	return false
}

// holds says whether the beginning of the text is a number: of the digits found, the last few may be of something else.
func holds(country, text string, writtenOn calendar.Date) bool {
	text = strings.ReplaceAll(text, " ", "")
	if country == "FI" {
		_, err := ParseOn(country, text, writtenOn)
		return err == nil
	}
	for _, digits := range []int{12, 10} {
		if _, err := ParseOn(country, firstDigits(text, digits), writtenOn); err == nil {
			return true
		}
	}
	return false
}

// firstDigits is the text up to its nth digit, with no sign but the one before the last four.
func firstDigits(text string, n int) string {
	var b strings.Builder
	seen, sign := 0, ""
	for _, c := range text {
		if c == '-' || c == '+' {
			sign = string(c)
			continue
		}
		if seen == n-4 {
			b.WriteString(sign)
		}
		b.WriteRune(c)
		sign = ""
		if seen++; seen == n {
			break
		}
	}
	return b.String()
}

// plain makes every dash a dash, every space a space and every decimal digit one of ours, and drops what is not seen.
func plain(r rune) rune {
	switch {
	case unicode.Is(unicode.Pd, r), r == '\u2212':
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	case r > unicode.MaxASCII && unicode.Is(unicode.Nd, r):
		for zero := r; ; zero-- { // blocks of decimal digits begin with their zero
			if !unicode.Is(unicode.Nd, zero-1) || r-zero == 9 {
				return '0' + (r-zero)%10
			}
		}
	}
	return r
}
