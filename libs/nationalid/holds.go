package nationalid

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"gallra.se/libs/calendar"
)

// Holds says whether a text has a number of any known register in it, however it is spelled and grouped: with blanks or
// signs between its parts, in full-width digits, with invisible characters inside. Ten Swedish digits count as written on
// that day.
func Holds(text string, writtenOn calendar.Date) bool {
	parts := pieces(text)
	for i := range parts {
		plain, signed := "", ""
		for j := i; j < len(parts) && j < i+mostPieces && len(plain) < longestSpelling; j++ {
			if j > i {
				if !parts[j].follows {
					break
				}
				signed += parts[j].sign
			}
			plain, signed = plain+parts[j].text, signed+parts[j].text
			if isNumber(plain, writtenOn) || isNumber(signed, writtenOn) {
				return true
			}
		}
	}
	return false
}

const (
	mostPieces      = 12 // every digit by itself
	longestSpelling = 12
)

// piece is a run of letters and digits.
type piece struct {
	text    string
	sign    string // the one sign between it and the piece before
	follows bool   // it stands so close to the piece before that both may be one number
}

var run = regexp.MustCompile(`[0-9A-Z]+`)

func pieces(text string) (all []piece) {
	text = strings.ToUpper(strings.Map(visible, norm.NFKC.String(text)))
	end := 0
	for _, at := range run.FindAllStringIndex(text, -1) {
		between := text[end:at[0]]
		sign := strings.TrimSpace(between)
		all = append(all, piece{text: text[at[0]:at[1]], sign: sign, follows: len(between) <= 3 && len(sign) <= 1 && !strings.Contains(between, "\n")})
		end = at[1]
	}
	return all
}

func visible(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.Is(unicode.Nd, r):
		return decimal(r)
	case unicode.Is(unicode.Pd, r), r == '−':
		return '-'
	case unicode.IsSpace(r) && r != '\n':
		return ' '
	}
	return r
}

// decimal is a digit of any script in ASCII: each script has its ten in a row.
func decimal(r rune) rune {
	zero := r
	for n := 0; n < 9 && unicode.Is(unicode.Nd, zero-1); n++ {
		zero--
	}
	if n := r - zero; n >= 0 && n <= 9 {
		return '0' + n
	}
	return r
}

func isNumber(s string, on calendar.Date) bool {
	if len(s) < 10 || len(s) > 13 {
		return false
	}
	for _, country := range []string{"SE", "FI"} {
		if _, err := ParseOn(country, s, on); err == nil {
			return true
		}
	}
	return false
}
