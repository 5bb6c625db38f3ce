// Package part divides what is written about several persons, so that each of them can be forgotten without the others
// (requirements 3.7). A text is cut where it mentions one of them. The part of a person holds what is common, the segment
// that is about that person alone, and wherever that person is mentioned the words themselves; where another is, only that
// somebody is. So a part is readable alone, with a neutral token for everybody else, and all parts together are the text
// as it was written.
//
// It is pure. Where the parts lie, and under whose key, is decided elsewhere.
package part

import (
	"fmt"
	"strings"
)

// Person is somebody whom a note may be about.
type Person struct {
	Number     int    // in the order of the case's shares, from 1
	Name       string // as the share knows it
	NationalID string // canonical
}

// Piece is a stretch of text: plain, or the mention of a person.
type Piece struct {
	Text   string `json:"t,omitempty"` // empty where it is not this part's to know
	Person int    `json:"p,omitempty"` // who is mentioned; 0 for plain text
}

// Texts are a note's texts, whole or as far as one part knows them: every part has the same pieces.
type Texts struct {
	Common   []Piece         `json:"common,omitempty"`
	Segments map[int][]Piece `json:"segments,omitempty"` // by the number of whom each is about
}

// Cut cuts the common text and the segments at every mention of a person.
func Cut(common string, segments map[int]string, persons []Person) Texts {
	find := finderOf(persons)
	t := Texts{Common: find.cut(common)}
	for number, text := range segments {
		if t.Segments == nil {
			t.Segments = map[int][]Piece{}
		}
		t.Segments[number] = find.cut(text)
	}
	return t
}

// Mentioned says whether a text mentions a person.
func (t Texts) Mentioned(number int) bool {
	for _, pieces := range t.all() {
		for _, p := range pieces {
			if p.Person == number {
				return true
			}
		}
	}
	return false
}

func (t Texts) all() [][]Piece {
	out := [][]Piece{t.Common}
	for _, pieces := range t.Segments {
		out = append(out, pieces)
	}
	return out
}

// Of is the part of one person.
func (t Texts) Of(number int) Texts {
	out := Texts{Common: keep(t.Common, number, true)}
	for about, pieces := range t.Segments {
		if out.Segments == nil {
			out.Segments = map[int][]Piece{}
		}
		out.Segments[about] = keep(pieces, number, about == number)
	}
	return out
}

// keep leaves of each piece what is a person's to know: own mentions, and plain text where it is.
func keep(pieces []Piece, number int, plain bool) []Piece {
	out := make([]Piece, len(pieces))
	for i, p := range pieces {
		out[i].Person = p.Person
		if p.Person == number || p.Person == 0 && plain {
			out[i].Text = p.Text
		}
	}
	return out
}

// Whole is what can be read of a note.
type Whole struct {
	Common   string
	Segments map[int]string
}

// Assemble joins the parts that there are, by the numbers of their persons. Who has no part any more is a token.
func Assemble(parts map[int]Texts) Whole {
	w := Whole{Segments: map[int]string{}}
	for number, own := range parts {
		w.Common = join(own.Common, func(person int) []Piece { return parts[person].Common })
		if pieces, about := own.Segments[number]; about {
			w.Segments[number] = join(pieces, func(person int) []Piece { return parts[person].Segments[number] })
		}
	}
	return w
}

// join writes pieces out; theirs are the same pieces as the part of a person knows them, nil where there is none.
func join(pieces []Piece, theirs func(person int) []Piece) string {
	var out strings.Builder
	for i, p := range pieces {
		text := p.Text
		if p.Person != 0 {
			if known := theirs(p.Person); i < len(known) {
				text = known[i].Text
			}
			if text == "" {
				text = Token(p.Person)
			}
		}
		out.WriteString(text)
	}
	return out.String()
}

// Alone is a text as the part of one person has it: everybody else is a token.
func Alone(text string, number int, persons []Person) string {
	return Assemble(map[int]Texts{number: Cut(text, nil, persons).Of(number)}).Common
}

// Token stands for a person who is not to be known.
func Token(number int) string { return fmt.Sprintf("[person %d]", number) }
