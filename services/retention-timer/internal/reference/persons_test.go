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
	return append(may, parting(w, l)...)
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
			if i > 0 && w.oneIn(2, "alone") {
				continue
			}
			w.decide(l, event{what: opened, key: name, person: name, caseID: id, unit: id + "/" + name, file: id + "/file", caseType: kind, at: w.now})
		}
	}}}
}
