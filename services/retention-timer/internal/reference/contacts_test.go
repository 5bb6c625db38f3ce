package reference

import (
	"maps"
	"slices"
)

// contacts: one is recorded when it ends, or long after; the consent that one is kept with may be withdrawn.
func contacts(w *world, l *life) (may []act) {
	for _, id := range l.units() {
		if u := l.r.units[id]; u.category == consented && u.withdrawnOn.none() && l.living(w, id) {
			may = append(may, act{more: 1, do: func() { w.decide(l, event{what: withdrawn, key: id, unit: id, on: w.today()}) }})
		}
	}
	if len(l.events) >= 4 {
		return may
	}
	return append(may, act{do: func() {
		categories := slices.DeleteFunc(slices.Sorted(maps.Keys(w.policy.contacts)), func(c string) bool {
			return c == "contact.recording" || c == "group.participant"
		})
		id := l.fresh("contact")
		w.decide(l, event{what: recorded, key: id, unit: id, record: id, at: w.timeOn(w.ended()), category: oneOf(w, categories, "category")})
	}})
}

// ended is a day in the past, mostly today.
func (w *world) ended() date {
	switch w.within(0, 5, "how late") {
	case 0:
		return w.today().plusDays(-w.within(1, 500, "days late"))
	case 1:
		return w.today().plusDays(-w.within(1, 35, "days late"))
	}
	return w.today()
}

// recordings: a single one may be extended while it exists, once, and the reason for that may end.
func recordings(w *world, l *life) (may []act) {
	if len(l.r.units) < 2 {
		may = append(may, act{do: func() {
			id := l.fresh("recording")
			w.decide(l, event{what: recorded, key: id, unit: id, record: id, at: w.timeOn(w.ended()), category: "contact.recording"})
		}})
	}
	for _, id := range l.units() {
		u := l.r.units[id]
		if !l.living(w, id) {
			continue
		}
		switch {
		case u.extendedUntil.none():
			may = append(may, act{more: 1, do: func() {
				until := w.between(w.today(), u.endedOn.plusMonths(14))
				w.decide(l, event{what: extended, key: id, unit: id, on: until, reason: oneOf(w, []string{"complaint", "quality"}, "reason")})
			}})
		case u.reasonEndedOn.none():
			may = append(may, act{do: func() {
				w.decide(l, event{what: reasonEnded, key: id, unit: id, on: w.today()})
			}})
		}
	}
	return may
}

// groups: participants join and leave, the end is planned, moved, reached.
func groups(w *world, l *life) (may []act) {
	group := l.name
	if len(l.events) == 0 {
		return []act{{do: func() {
			e := event{what: groupCreated, key: group, group: group}
			l.began = w.today()
			if w.oneIn(2, "planned end") {
				e.on = w.today().plusDays(w.within(0, 400, "length"))
			}
			w.decide(l, e)
		}}}
	}
	for _, id := range l.units() {
		if l.x[id].state == "gone" {
			return nil
		}
	}
	if len(l.r.units) < 3 {
		may = append(may, act{do: func() {
			id := l.fresh("participant")
			w.decide(l, event{what: groupJoined, key: group, group: group, unit: id, record: id, on: w.between(l.began, w.today()), category: "group.participant"})
		}})
	}
	may = append(may,
		act{do: func() {
			w.decide(l, event{what: groupMoved, key: group, group: group, on: w.effective(l.began)})
		}},
		act{do: func() {
			w.decide(l, event{what: groupEnded, key: group, group: group, on: w.between(l.began, w.today())})
		}})
	if ids := l.units(); len(ids) > 0 {
		may = append(may, act{do: func() {
			w.decide(l, event{what: groupLeft, key: group, group: group, record: oneOf(w, ids, "who"), on: w.today()})
		}})
	}
	return may
}
