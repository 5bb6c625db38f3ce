package reference

import (
	"slices"
	"strings"
)

// caseActs are what may happen to a case.
func caseActs(w *world, l *life, id string) (may []act) {
	var open, shut []string // units of the shares that live
	for _, unit := range l.units() {
		if u := l.r.units[unit]; u.share == unit && l.r.shares[unit].caseID == id && l.living(w, unit) {
			if l.r.shares[u.share].closedOn.none() {
				open = append(open, unit)
			} else {
				shut = append(shut, unit)
			}
		}
	}
	all := func(units []string, what kind, on date) {
		if w.oneIn(4, "one person's part") {
			units = units[:1]
		}
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
		apart = w.policy.caseType(l.r.units[open[0]].caseType).preserved || w.oneIn(2, "with a unit of its own")
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
		if u.share != unit || u.person != to.person || u.share == to.share || l.r.shares[u.share].closedOn.none() || !l.living(w, unit) {
			continue
		}
		if !w.policy.caseType(u.caseType).same(w.policy.caseType(to.caseType)) {
			continue
		}
		for _, record := range u.records {
			if l.r.kinds[record] == "case.note" {
				notes = append(notes, unit+"|"+record)
			}
		}
	}
	return notes
}

func (c caseTypes) same(o caseTypes) bool { return slices.Equal(c.types, o.types) }

func (w *world) adopt(l *life, id, into, note string) {
	from, record, _ := strings.Cut(note, "|")
	p := l.r.units[into].person
	if w.oneIn(3, "a unit of its own") {
		into = record + "/own" + p
	}
	w.decide(l, event{what: adopted, key: p, person: p, caseID: id, unit: into, from: from, record: record, category: "case.note"})
}

// parting: a record that alone is held gets a unit of its own, so that the rest may go.
func parting(w *world, l *life) (may []act) {
	for _, unit := range l.units() {
		u := l.r.units[unit]
		if u.share != unit || l.x[unit].state == "gone" || len(u.records) < 2 {
			continue
		}
		for _, record := range u.records {
			if !l.heldAlone(record) {
				continue
			}
			may = append(may, act{more: 4, do: func() {
				w.decide(l, event{what: parted, key: u.person, person: u.person, caseID: l.r.shares[unit].caseID, unit: l.fresh("parted"),
					from: unit, record: record, category: l.r.kinds[record]})
			}})
		}
	}
	return may
}

func (l *life) heldAlone(record string) bool {
	for _, h := range l.r.holds {
		if !h.released && h.scope == "record" && h.target == record {
			return true
		}
	}
	return false
}
