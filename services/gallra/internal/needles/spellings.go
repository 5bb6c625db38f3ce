package needles

import (
	"strings"
	"unicode"
)

// Spellings returns the needle and, where it is a personal number or a telephone
// number, the other ways in which people and programs write the same number.
func Spellings(needle string) []string {
	all := []string{needle}
	digits := digitsOf(needle)
	switch {
	case !onlyNumberSigns(needle):
		all = append(all, hetuSpellings(needle)...)
	case isPersonalNumber(digits) && !strings.HasPrefix(needle, "0") && !strings.HasPrefix(needle, "+"):
		all = append(all, personalNumberSpellings(digits)...)
	default:
		all = append(all, phoneSpellings(needle, digits)...)
	}
	return distinct(all)
}

// personalNumberSpellings takes 10 or 12 digits. From ten digits the century is not
// known, so both are spelled out.
func personalNumberSpellings(digits string) []string {
	if len(digits) == 10 {
		out := shortForms(digits)
		for _, century := range []string{"19", "20"} {
			out = append(out, longForms(century+digits)...)
		}
		return out
	}
	return append(longForms(digits), shortForms(digits[2:])...)
}

func longForms(d string) []string {
	return []string{d, d[:8] + "-" + d[8:], d[:8] + " " + d[8:], d[:4] + "-" + d[4:6] + "-" + d[6:8] + "-" + d[8:]}
}

func shortForms(d string) []string {
	return []string{d, d[:6] + "-" + d[6:], d[:6] + "+" + d[6:], d[:6] + " " + d[6:]}
}

// hetuSpellings takes a Finnish personal identity code, eleven characters.
func hetuSpellings(needle string) []string {
	if len(needle) != 11 || digitsOf(needle[:6]) != needle[:6] || digitsOf(needle[7:10]) != needle[7:10] {
		return nil
	}
	return []string{needle[:6] + needle[7:], needle[:6] + " " + needle[7:], strings.ToLower(needle)}
}

// phoneSpellings takes a Swedish number with +46, 0046 or a leading 0.
func phoneSpellings(needle, digits string) []string {
	national := digits
	switch {
	case strings.HasPrefix(needle, "+46"):
		national = "0" + digits[2:]
	case strings.HasPrefix(digits, "0046"):
		national = "0" + digits[4:]
	case !strings.HasPrefix(digits, "0"):
		return nil
	}
	if len(national) < 8 || len(national) > 11 {
		return []string{digits}
	}
	rest := national[1:]
	out := []string{national, "+46" + rest, "46" + rest, "0046" + rest}
	for _, area := range []int{2, 3, 4} {
		out = append(out, spaced(national, area)...)
	}
	return out
}

// spaced writes a number with its area code apart and the rest in one piece or in the
// groups that Swedish directories use.
func spaced(national string, area int) []string {
	head, tail := national[:area], national[area:]
	out := []string{head + "-" + tail, head + " " + tail}
	if len(tail) == 7 {
		grouped := tail[:3] + " " + tail[3:5] + " " + tail[5:]
		out = append(out, head+"-"+grouped, head+" "+grouped)
	}
	return out
}

func isPersonalNumber(digits string) bool { return len(digits) == 12 || len(digits) == 10 }

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func onlyNumberSigns(s string) bool {
	return digitsOf(s) != "" && strings.Trim(s, "0123456789+- ") == ""
}

func distinct(in []string) []string {
	seen := make(map[string]bool, len(in))
	out := in[:0:0]
	for _, s := range in {
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
