package accesslog

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/calendar"
	"gallra.se/services/case-linker/internal/store"
)

var stockholm = mustZone("Europe/Stockholm")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func read(who byte, at time.Time, person byte, signs ...string) store.Access {
	return store.Access{Entry: uuid.New(), Staff: uuid.UUID{who}, At: at, Person: uuid.UUID{person}, Outcome: events.AccessGiven, Signs: signs}
}

// L-06
func TestTheReviewFindsWhoLookedAtTheirOwnAndAtTooMany(t *testing.T) {
	monday := time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC) // 09:00 in Stockholm
	lines := []store.Access{
		read(1, monday, 1, access.SameName),
		read(2, monday.Add(time.Minute), 1),
	}
	for i := range byte(TooMany + 1) {
		lines = append(lines, read(3, monday.Add(2*time.Hour+time.Duration(i)*time.Minute), i+1))
	}
	for i := range byte(TooMany + 1) { // as many, an hour and a half apart in the middle
		lines = append(lines, read(4, monday.Add(6*time.Hour+time.Duration(i)*3*time.Minute), i+1))
	}
	f := ReviewOf(lines, stockholm)
	signs := map[string][]string{}
	for _, o := range f.Officers {
		signs[o.Who] = o.Signs
	}
	for who, want := range map[byte][]string{1: {access.SameName}, 2: {}, 3: {ManyPersons}, 4: {}} {
		if got := signs[uuid.UUID{who}.String()]; !slices.Equal(got, want) {
			t.Errorf("officer %d shows %v, expected %v", who, got, want)
		}
	}
	if f.Hours[9] != 2 || f.Hours[11] != TooMany+1 || len(f.Hours) != 168 {
		t.Errorf("the hours drawn are %v", f.Hours[:24])
	}
	if !slices.Equal(f.Signs, []string{ManyPersons, access.SameName}) {
		t.Errorf("the week shows %v", f.Signs)
	}
}

func TestANoteAboutTwoIsReadOnce(t *testing.T) {
	a := read(1, time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC), 1)
	b := a
	b.Person = uuid.UUID{2}
	o := ReviewOf([]store.Access{a, b}, stockholm).Officers[0]
	if o.Reads != 1 || o.Persons != 2 {
		t.Errorf("%d reads about %d persons, expected 1 about 2", o.Reads, o.Persons)
	}
}

func TestWeeksAreThoseOfTheStandard(t *testing.T) {
	for text, monday := range map[string]string{"2026-W47": "2026-11-16", "2021-W01": "2021-01-04", "2020-W53": "2020-12-28", "2016-W01": "2016-01-04"} {
		if got, err := ParseWeek(text); err != nil || got.String() != monday {
			t.Errorf("%s begins on %s (%v), expected %s", text, got, err, monday)
		}
	}
	for _, text := range []string{"", "2026-47", "2026-W00", "2021-W53", "2026-W54", "2026-W4", "2026-W47 ", "x2026-W47"} {
		if got, err := ParseWeek(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
	for day, monday := range map[string]string{"2026-11-16": "2026-11-16", "2026-11-22": "2026-11-16", "2026-11-23": "2026-11-23"} {
		if got := MondayOf(calendar.MustDate(day)); got.String() != monday {
			t.Errorf("the Monday of %s is %s, expected %s", day, got, monday)
		}
	}
}
