package reference

import (
	"slices"
	"strings"
)

// persons: one, or two who share cases and notes.
func persons(w *world, l *life) (may []act) {
	names := []string{l.name + "/a"}
	if strings.HasPrefix(l.name, "persons") {
		names = append(names, l.name+"/b")
	}
	for _, name := range names {
		may = append(may, registration(w, l, name)...)
	}
	may = append(may, opening(w, l, names)...)
	for _, id := range l.cases() {
		may = append(may, caseActs(w, l, id)...)
	}
	return may
}

func (l *life) cases() (ids []string) {
	for _, s := range l.r.shares {
		if !slices.Contains(ids, s.caseID) {
			ids = append(ids, s.caseID)
		}
	}
	slices.Sort(ids)
	return ids
}

// registration: a new registration of one who is registered is a conflict, one after the last day a new person.
func registration(w *world, l *life, name string) (may []act) {
	id := event{key: name, person: name, unit: name, record: name}
	p, identified := l.r.persons[name], l.r.units[name] != nil
	switch {
	case !identified:
		return []act{{do: func() {
			e := id
			e.what, e.on = registered, w.effective(w.today().plusDays(-40))
			w.decide(l, e)
		}}}
	case !l.living(w, name):
		return nil
	case p.registered:
		return []act{{do: func() {
			e := id
			e.what, e.on = deregistered, w.effective(l.spell(name))
			w.decide(l, e)
		}}}
	}
	return []act{
		{do: func() {
			e := id
			e.what, e.on = registered, w.today()
			if last := l.x[name].ends; !last.none() {
				e.on = w.between(w.today().plusDays(-2), last.plusDays(-1))
			}
			w.decide(l, e)
		}},
		{do: func() {
			e := id
			e.what, e.on, e.reason = corrected, w.effective(l.spell(name)), "wrong-date"
			w.decide(l, e)
		}},
	}
}

// spell is the day on which the present registration, or the last one, began.
func (l *life) spell(person string) (since date) {
	for _, e := range l.events {
		if e.what == registered && e.person == person {
			since = e.on
		}
	}
	return since
}

// opening: a case of somebody who is known, alone or together; a recruitment is open to those who never registered.
func opening(w *world, l *life, names []string) []act {
	here := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !l.living(w, n) })
	var types []string
	for _, c := range w.policy.cases {
		if len(here) > 0 || c.recruiting {
			types = append(types, c.types...)
		}
	}
	if len(here) == 0 {
		here = slices.DeleteFunc(names, func(n string) bool { return l.r.units[n] != nil })
	}
	if len(here) == 0 || len(types) == 0 || len(l.cases()) >= 4 {
		return nil
	}
	return []act{{do: func() {
		id := l.fresh("case")
		kind := oneOf(w, types, "case type")
		for i, name := range here {
			if i > 0 && !(w.within(0, 1, "together") == 1) {
				continue
			}
			w.decide(l, event{what: opened, key: name, person: name, caseID: id, unit: id + "/" + name, file: id + "/file", caseType: kind, at: w.now})
		}
	}}}
}

func caseActs(w *world, l *life, id string) (may []act) {
	var open, shut []string // units of the shares that live
	for _, unit := range l.units() {
		if u := l.r.units[unit]; u.category == "case.file" && l.r.shares[u.share].caseID == id && l.living(w, unit) {
			if l.r.shares[u.share].closedOn.none() {
				open = append(open, unit)
			} else {
				shut = append(shut, unit)
			}
		}
	}
	all := func(units []string, what kind, on date) {
		for _, unit := range units {
			p := l.r.units[unit].person
			w.decide(l, event{what: what, key: p, person: p, caseID: id, unit: unit, on: on})
		}
	}
	if len(open) > 0 {
		may = append(may,
			act{more: 1, do: func() { w.note(l, id, open) }},
			act{more: 1, do: func() { all(open, closed, w.closing(l, l.r.units[open[0]])) }})
		if notes := l.adoptable(w, id, open[0]); len(notes) > 0 {
			may = append(may, act{more: 4, do: func() { w.adopt(l, id, open[0], oneOf(w, notes, "note")) }})
		}
	}
	if len(shut) > 0 {
		may = append(may, act{do: func() { all(shut, reopened, w.today()) }})
	}
	return may
}

// closing is the day on which a case ends: at times one beside the end of its person's 26 months, or the one whose own limit
// falls on that end.
func (w *world) closing(l *life, u *unit) date {
	gone := l.r.limit(w.policy.caseType(u.caseType).person, l.r.persons[u.person].deregisteredOn, u).day
	if !gone.none() && w.oneIn(2, "close beside a limit") {
		on := gone
		if w.oneIn(2, "so that both limits meet") {
			on.year -= 3
			on.day = min(on.day, monthLength(on.year, on.month))
		}
		if on = on.plusDays(w.within(-1, 1, "days beside it")); !on.before(u.collectedOn) {
			return on
		}
	}
	return w.effective(u.collectedOn)
}

// note is about everybody in the case. Working material and final documents have units of their own.
func (w *world) note(l *life, id string, open []string) {
	record := l.fresh("note")
	kinds, apart := []string{"case.note", "case.document"}, false
	if w.policy.caseType(l.r.units[open[0]].caseType).drafts.requirement != "" {
		kinds = append(kinds, "case.draft")
	}
	category := oneOf(w, kinds, "kind of note")
	if category != "case.note" {
		apart = w.policy.caseType(l.r.units[open[0]].caseType).preserved || (w.within(0, 1, "with a unit of its own") == 1)
	}
	for _, share := range open {
		u := l.r.units[share]
		e := event{what: noted, key: u.person, person: u.person, caseID: id, unit: share, from: share, record: record, at: w.now, category: category, caseType: u.caseType}
		if apart {
			e.unit = record + "/" + u.person
		}
		w.decide(l, e)
	}
}

// adoptable are notes of the person's closed cases that may go on in an open one.
func (l *life) adoptable(w *world, id, into string) (notes []string) {
	to := l.r.units[into]
	for _, unit := range l.units() {
		u := l.r.units[unit]
		if u.category != "case.file" || u.person != to.person || u.share == to.share || l.r.shares[u.share].closedOn.none() || !l.living(w, unit) {
			continue
		}
		if !w.policy.caseType(u.caseType).same(w.policy.caseType(to.caseType)) {
			continue
		}
		for _, record := range u.records[1:] {
			notes = append(notes, unit+"|"+record)
		}
	}
	return notes
}

func (c caseTypes) same(o caseTypes) bool { return slices.Equal(c.types, o.types) }

func (w *world) adopt(l *life, id, into, note string) {
	from, record, _ := strings.Cut(note, "|")
	p := l.r.units[into].person
	w.decide(l, event{what: adopted, key: p, person: p, caseID: id, unit: into, from: from, record: record, category: "case.note"})
}
