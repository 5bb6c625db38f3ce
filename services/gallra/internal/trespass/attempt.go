package trespass

import (
	"cmp"
	"slices"
)

// Attempt is one try.
type Attempt struct {
	Who   string `json:"who"`   // nats intake, role intake
	What  string `json:"what"`  // publish events of case, enter database ledger
	May   bool   `json:"may"`   // it should go through
	Could bool   `json:"could"` // it went through
}

// Leak is what should have been refused and was not.
func (a Attempt) Leak() bool { return a.Could && !a.May }

// Barred is what should have gone through and did not.
func (a Attempt) Barred() bool { return a.May && !a.Could }

// Wrong are the leaks and the barred.
func Wrong(all []Attempt) []Attempt {
	return slices.DeleteFunc(slices.Clone(all), func(a Attempt) bool { return a.May == a.Could })
}

// Tally is how often somebody tried.
type Tally struct {
	Who     string `json:"who"`
	Own     int    `json:"own"`     // went through, as it should
	Refused int    `json:"refused"` // was refused, as it should
	Leaks   int    `json:"leaks"`
	Barred  int    `json:"barred"`
}

// Tallies are in the order of names.
func Tallies(all []Attempt) []Tally {
	by := map[string]*Tally{}
	for _, a := range all {
		t := by[a.Who]
		if t == nil {
			t = &Tally{Who: a.Who}
			by[a.Who] = t
		}
		switch {
		case a.Leak():
			t.Leaks++
		case a.Barred():
			t.Barred++
		case a.Could:
			t.Own++
		default:
			t.Refused++
		}
	}
	var tallies []Tally
	for _, t := range by {
		tallies = append(tallies, *t)
	}
	slices.SortFunc(tallies, func(a, b Tally) int { return cmp.Compare(a.Who, b.Who) })
	return tallies
}
