package part

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// finder finds mentions. A person is mentioned by number, in any of the forms that it is written in, by the whole name, or
// by a word of the name. Long words are found whatever their ending and their case (Annas, KANARIEN), short ones only as
// the name has them: what is taken for a name and is none costs a reader a word once that person is gone, what is
// overlooked would outlive the person.
type finder struct {
	pattern *regexp.Regexp
	groups  []group // by the pattern's groups, from 1
}

type group struct {
	person        int
	begins, whole bool // must begin a word, and also end it
}

const longWord = 4 // letters

func finderOf(persons []Person) finder {
	f := finder{groups: []group{{}}}
	var forms []string
	add := func(form string, g group) {
		if form != "" {
			forms, f.groups = append(forms, "("+form+")"), append(f.groups, g)
		}
	}
	for _, p := range persons {
		add(numberForm(p.NationalID), group{person: p.Number})
	}
	for _, p := range persons {
		add(nameForm(p.Name), group{person: p.Number, begins: true})
	}
	for _, p := range persons {
		for _, word := range strings.FieldsFunc(p.Name, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			first, _ := utf8.DecodeRuneInString(word)
			switch n := utf8.RuneCountInString(word); {
			case n >= longWord:
				add("(?i:"+spelled(word)+")", group{person: p.Number, begins: true})
			case n > 1 && unicode.IsUpper(first):
				add(spelled(word), group{person: p.Number, begins: true, whole: true})
			}
		}
	}
	if len(forms) > 0 {
		f.pattern = regexp.MustCompile(strings.Join(forms, "|"))
	}
	return f
}

// numberForm matches a Swedish number with and without its century and separators, a Finnish one with and without its sign.
func numberForm(id string) string {
	const gap, sign = `[\s.\-]?`, `[\s.\-+–]{0,3}`
	switch q := regexp.QuoteMeta; len(id) {
	case 12:
		return `(?:` + q(id[:2]) + gap + `)?` + q(id[2:4]) + gap + q(id[4:6]) + gap + q(id[6:8]) + sign + q(id[8:])
	case 11:
		return `(?i:` + q(id[:2]) + gap + q(id[2:4]) + gap + q(id[4:6]) + `\s?[-+–A-FU-Y]?\s?` + q(id[7:]) + `)`
	default:
		return q(id)
	}
}

func nameForm(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = spelled(w)
	}
	if len(words) == 0 {
		return ""
	}
	return `(?i:` + strings.Join(words, `\s+`) + `)`
}

// spelled matches a word whichever way its letters with marks are encoded: å is one character, or two.
func spelled(word string) string {
	var form strings.Builder
	for _, letter := range norm.NFC.String(word) {
		whole := string(letter)
		if apart := norm.NFD.String(whole); apart != whole {
			form.WriteString("(?:" + regexp.QuoteMeta(whole) + "|" + regexp.QuoteMeta(apart) + ")")
		} else {
			form.WriteString(regexp.QuoteMeta(whole))
		}
	}
	return form.String()
}

// cut cuts a text before and after every mention.
func (f finder) cut(text string) []Piece {
	var out []Piece
	plain := 0 // where the plain text begins that is not cut off yet
	for at := 0; f.pattern != nil && at < len(text); {
		from, to, person := f.next(text, at)
		if person == 0 {
			_, size := utf8.DecodeRuneInString(text[from:])
			at = from + size
			continue
		}
		if plain < from {
			out = append(out, Piece{Text: text[plain:from]})
		}
		out = append(out, Piece{Text: text[from:to], Person: person})
		plain, at = to, to
	}
	if plain < len(text) {
		out = append(out, Piece{Text: text[plain:]})
	}
	return out
}

// next is the first match from at on; person is 0 when it is none, and from then where to look on.
func (f finder) next(text string, at int) (from, to, person int) {
	m := f.pattern.FindStringSubmatchIndex(text[at:])
	if m == nil {
		return len(text), len(text), 0
	}
	from, to = at+m[0], at+m[1]
	for i, g := range f.groups {
		if i == 0 || m[2*i] < 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if g.begins && unicode.IsLetter(before) || g.whole && unicode.IsLetter(after) {
			return from, to, 0
		}
		return from, to, g.person
	}
	return from, to, 0
}
