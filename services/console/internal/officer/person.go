package officer

import (
	"cmp"
	"slices"
	"time"

	"gallra.se/services/console/internal/behalf"
)

// personView is a person with their cases, newest first.
type personView struct {
	visit
	Person behalf.Person
	Cases  []behalf.CaseLine
	Silent bool // the cases are not known
}

func (p *Pages) person(v visit) answer {
	person, err := v.voice.Person(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return p.refused(v, err)
	}
	view := personView{visit: v, Person: person}
	if view.Cases, err = v.voice.Cases(v.r.Context(), person.ID); err != nil {
		p.silent(v, err)
		view.Silent = true
	}
	slices.SortFunc(view.Cases, func(a, b behalf.CaseLine) int { return cmp.Or(b.OpenedAt.Compare(a.OpenedAt), cmp.Compare(a.ID, b.ID)) })
	return shown(personPage(v.t, v.f, view))
}

// until is the civil day of an end, or that there is none yet.
func (v visit) until(at *time.Time) string {
	if at == nil {
		return v.t.NoEnd
	}
	return v.f.DayOf(*at)
}

// looks shows who has read what of a person, newest first.
func (p *Pages) looks(v visit) answer {
	looks, err := v.voice.Looks(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return p.refused(v, err)
	}
	slices.SortStableFunc(looks, func(a, b behalf.Look) int { return b.At.Compare(a.At) })
	return shown(looksPage(v.t, v.f, looksView{v, looks}))
}

type looksView struct {
	visit
	Looks []behalf.Look
}
