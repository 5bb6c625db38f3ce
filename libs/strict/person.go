package strict

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"gallra.se/libs/problem"
)

// PersonName reads a person's name: one line in the composed form of Unicode (NFC), so that the same name is the same
// bytes. It refuses, with invalid-text, what CleanLine does, every mark of direction and invisible joint but the two
// that some scripts need, and a word whose letters are of two scripts, as a Cyrillic А in Anna: it looks like a name and
// is another one.
func PersonName(field, text string) (string, error) {
	if err := CleanLine(field, text); err != nil {
		return "", err
	}
	if strings.ContainsFunc(text, invisible) || mixed(text) {
		return "", problem.OnField("invalid-text", field)
	}
	return norm.NFC.String(text), nil
}

// invisible are format characters, but for the joiners that Persian and several Indic scripts write.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) && r != 0x200C && r != 0x200D }

// alike are the scripts whose letters are taken for each other's.
var alike = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

// mixed says whether a word has letters of two scripts that look alike.
func mixed(text string) bool {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		scripts := 0
		for _, script := range alike {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) }) {
				scripts++
			}
		}
		if scripts > 1 {
			return true
		}
	}
	return false
}
