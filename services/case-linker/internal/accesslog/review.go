package accesslog

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/services/case-linker/internal/store"
)

// ManyPersons is the sign of somebody who looked at more than TooMany persons within an hour.
const (
	ManyPersons = "many-persons"
	TooMany     = 30
)

// hoursOfWeek is how many hours a drawn week has.
const hoursOfWeek = 7 * 24

// Findings is what the review of one week found. Who is an opaque staff id when it is kept, a name when it is shown.
type Findings struct {
	Officers []Officer `json:"officers"`
	Hours    []int     `json:"hours"` // reads in each local hour from Monday 00:00; 168 of them
	Signs    []string  `json:"signs"` // all that were seen
}

// Officer is one person's week. The counts are of accesses; Persons counts different persons.
type Officer struct {
	Who         string   `json:"who"`
	Reads       int      `json:"reads"`
	Persons     int      `json:"persons"`
	Unassigned  int      `json:"unassigned"`
	Night       int      `json:"night"`
	SameName    int      `json:"sameName"`
	SameAddress int      `json:"sameAddress"`
	Refused     int      `json:"refused"`
	Signs       []string `json:"signs"`
}

// ReviewOf looks at the lines of a week, oldest first, in the authority's zone. It is pure.
func ReviewOf(lines []store.Access, zone *time.Location) Findings {
	f := Findings{Officers: []Officer{}, Hours: make([]int, hoursOfWeek), Signs: []string{}}
	by := map[uuid.UUID][]store.Access{}
	entries := map[uuid.UUID]bool{}
	for _, l := range lines {
		by[l.Staff] = append(by[l.Staff], l)
		if !entries[l.Entry] {
			entries[l.Entry] = true
			local := l.At.In(zone)
			f.Hours[(int(local.Weekday())+6)%7*24+local.Hour()]++
		}
	}
	for _, staff := range slices.SortedFunc(maps.Keys(by), func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) }) {
		o := officerOf(staff, by[staff])
		f.Officers = append(f.Officers, o)
		f.Signs = append(f.Signs, o.Signs...)
	}
	slices.SortStableFunc(f.Officers, func(a, b Officer) int { return len(b.Signs) - len(a.Signs) })
	slices.Sort(f.Signs)
	f.Signs = slices.Compact(f.Signs)
	return f
}

func officerOf(staff uuid.UUID, lines []store.Access) Officer {
	o := Officer{Who: staff.String(), Signs: []string{}}
	persons, entries := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	counts := map[string]*int{access.Unassigned: &o.Unassigned, access.Night: &o.Night, access.SameName: &o.SameName, access.SameAddress: &o.SameAddress}
	for _, l := range lines {
		if l.Person != uuid.Nil {
			persons[l.Person] = true
		}
		if entries[l.Entry] {
			continue
		}
		entries[l.Entry] = true
		if l.Outcome == events.AccessGiven {
			o.Reads++
		} else {
			o.Refused++
		}
		for _, sign := range l.Signs {
			if n, ok := counts[sign]; ok {
				*n++
			}
		}
	}
	o.Persons = len(persons)
	for _, sign := range slices.Sorted(maps.Keys(counts)) {
		if *counts[sign] > 0 {
			o.Signs = append(o.Signs, sign)
		}
	}
	if mostInAnHour(lines) > TooMany {
		o.Signs = append(o.Signs, ManyPersons)
	}
	slices.Sort(o.Signs)
	return o
}

// mostInAnHour is how many different persons the lines, oldest first, are about within any sixty minutes.
func mostInAnHour(lines []store.Access) (most int) {
	seen, first := map[uuid.UUID]int{}, 0
	for _, l := range lines {
		for lines[first].At.Add(time.Hour).Before(l.At) {
			if old := lines[first].Person; old != uuid.Nil {
				if seen[old]--; seen[old] == 0 {
					delete(seen, old)
				}
			}
			first++
		}
		if l.Person != uuid.Nil {
			seen[l.Person]++
		}
		most = max(most, len(seen))
	}
	return most
}
