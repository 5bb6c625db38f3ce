package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// life is a history that meets no other: a contact, a group, or some persons with their cases.
type life struct {
	name   string
	events []event                // in the order in which they were decided
	x      map[string]expectation // as the model sees it at the world's present time
	r      register
	made   int  // names given
	began  date // a group's first day
	acts   func(w *world, l *life) []act
}

// act is something that may happen next; what a holder would refuse is not among them.
type act struct {
	do   func()
	more int // how much likelier than others
}

func (l *life) units() []string { return slices.Sorted(maps.Keys(l.x)) }

func (l *life) fresh(what string) string {
	l.made++
	return fmt.Sprintf("%s/%s%d", l.name, what, l.made)
}

// living says that the unit is there and its last day is not over.
func (l *life) living(w *world, unit string) bool {
	x, known := l.x[unit]
	return known && x.state != "gone" && (x.ends.none() || !l.r.passed(x.ends, w.now))
}

// look asks the model where the life stands now.
func (l *life) look(w *world) {
	l.x, l.r = expect(w.policy, l.events, w.now), read(w.policy, l.events)
}

func (l *life) String() string {
	var b strings.Builder
	for _, e := range l.events {
		fmt.Fprintf(&b, "  %d %s %s", e.n, e.at.Format("2006-01-02 15:04:05Z"), e.what)
		for _, f := range []struct{ name, value string }{
			{"", e.on.String()}, {"unit", e.unit}, {"case", e.caseID}, {"record", e.record}, {"from", e.from}, {"category", e.category},
			{"type", e.caseType}, {"hold", e.hold}, {"scope", e.scope}, {"target", e.target}, {"reason", e.reason},
		} {
			if f.value != "" && f.value != "none" {
				fmt.Fprintf(&b, " %s %s", f.name, f.value)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// happen draws one of the things that may happen to a life, and lets it happen.
func (w *world) happen(l *life) {
	l.look(w)
	may := l.acts(w, l)
	if len(l.events) > 0 {
		may = append(may, holding(w, l)...)
	}
	if len(may) == 0 {
		return
	}
	for _, a := range may {
		may = append(may, slices.Repeat([]act{a}, a.more)...)
	}
	oneOf(w, may, "act").do()
	l.look(w)
}

// newLife draws what kind of a life it is, of those that the authority knows.
func (w *world) newLife() *life {
	kinds := map[string]func(*world, *life) []act{}
	for category := range w.policy.contacts {
		switch category {
		case "contact.recording":
			kinds["recording"] = recordings
		case "group.participant":
			kinds["group"] = groups
		default:
			kinds["contact"] = contacts
		}
	}
	if len(w.policy.cases) > 0 {
		kinds["person"], kinds["persons"], kinds["someone"] = persons, persons, persons
	}
	kind := oneOf(w, slices.Sorted(maps.Keys(kinds)), "kind of life")
	return &life{name: fmt.Sprintf("%s%d", kind, len(w.lives)+1), acts: kinds[kind]}
}
