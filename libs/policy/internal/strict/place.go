package strict

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Pos is a place in a file.
type Pos struct {
	File         string
	Line, Column int
}

func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Errorf is an error at this place.
func (p Pos) Errorf(format string, args ...any) error {
	return fault{p, fmt.Errorf(format, args...)}
}

// fault is something that is wrong at a place.
type fault struct {
	at  Pos
	err error
}

func (f fault) Error() string { return f.at.String() + ": " + f.err.Error() }
func (f fault) Unwrap() error { return f.err }

// Sort puts faults in the order in which an author reads the files; those without a place come first.
func Sort(faults []error) {
	slices.SortStableFunc(faults, func(a, b error) int {
		var f, g fault
		errors.As(a, &f)
		errors.As(b, &g)
		return cmp.Or(cmp.Compare(f.at.File, g.at.File), cmp.Compare(f.at.Line, g.at.Line), cmp.Compare(f.at.Column, g.at.Column))
	})
}

// Place is where a struct stands, and each of its keys.
type Place struct {
	Pos
	values map[string]Pos
	broken map[string]bool // keys whose value was not understood
	lost   bool            // a key was not understood: what seems to be missing may be it
}

// Of is where the value of a key stands, or the struct where the key is not said.
func (p Place) Of(key string) Pos {
	if at, said := p.values[key]; said {
		return at
	}
	return p.Pos
}

// Said says whether the key stands there at all, be it null.
func (p Place) Said(key string) bool {
	_, said := p.values[key]
	return said
}

// Doubtful says whether a missing key has been complained about already: its value, or some key beside it, was not
// understood.
func (p Place) Doubtful(key string) bool { return p.lost || p.broken[key] }

func (p *Place) at(pos Pos) {
	if p.values == nil {
		*p = Place{Pos: pos, values: map[string]Pos{}, broken: map[string]bool{}}
	}
}
