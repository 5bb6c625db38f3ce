package policy

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy/internal/strict"
)

// Basis is a law that processing rests on, and the civil dates of its force; a zero date is no end (section 2.13).
type Basis struct {
	Law         string
	From, Until calendar.Date
}

// On says whether the law is in force on the day.
func (b Basis) On(day calendar.Date) bool {
	return !day.Before(b.From) && (b.Until.IsZero() || !day.After(b.Until))
}

// Bases is the laws for those who did not say who they are and for those who did.
type Bases struct{ Anonymous, Identified []Basis }

// For picks the list.
func (b Bases) For(identified bool) []Basis {
	if identified {
		return b.Identified
	}
	return b.Anonymous
}

// Laws are those that whatever the authority does rests on, of those in force on the civil date.
func (p *Pack) Laws(day calendar.Date) []string { return inForce(p.bases, day) }

// BasesOn is the laws that a contact by the channel rests on, of those in force on the civil date (AFC-04, AFC-05, KSC-05).
func (p *Pack) BasesOn(channel Channel, identified bool, day calendar.Date) []string {
	return inForce(channel.LegalBasis.For(identified), day)
}

func inForce(all []Basis, day calendar.Date) []string {
	var laws []string
	for _, b := range all {
		if b.On(day) {
			laws = append(laws, b.Law)
		}
	}
	return laws
}

type basesDoc struct {
	Anonymous  []basisDoc `yaml:"anonymous"`
	Identified []basisDoc `yaml:"identified"`
}

// basisDoc is the name of a law, or the name with the days of its force.
type basisDoc struct {
	At    strict.Place
	Law   string        `yaml:"law"`
	From  calendar.Date `yaml:"from"`
	Until calendar.Date `yaml:"until"`
}

func (d *basisDoc) UnmarshalText(text []byte) error {
	d.Law = string(text)
	return nil
}

func (d basesDoc) bases() Bases { return Bases{bases(d.Anonymous), bases(d.Identified)} }

func bases(docs []basisDoc) (all []Basis) {
	for _, d := range docs {
		all = append(all, Basis{d.Law, d.From, d.Until})
	}
	return all
}
