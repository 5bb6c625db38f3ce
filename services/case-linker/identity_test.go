package caselinker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

const teServices = "te-services"

// swedish is a test number of twelve digits for a day of birth written YYYYMMDD; sixty more days make it a coordination
// number.
func swedish(day string) string {
	digits, sum := day[2:]+"238", 0
	for i, c := range digits {
		d := int(c-'0') * (2 - i%2)
		sum += d/10 + d%10
	}
	return day[:2] + digits + fmt.Sprint((10-sum%10)%10)
}

// finnish is a test identity code for a day of birth written DDMMYY.
func finnish(day, separator string, individual int) string {
	n, serial := 0, fmt.Sprint(individual)
	for _, c := range day + serial {
		n = n*10 + int(c-'0')
	}
	return day + separator + serial + string("0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31])
}

// registered hands a registration in and returns the person.
func (w *world) registered(id, number string) answer {
	w.t.Helper()
	return w.line("/v1/persons", id, "person.registered", map[string]any{"person": map[string]string{"nationalId": number, "name": "Kanarie"}})
}

func TestHoweverANumberIsWrittenItIsOnePerson(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+02:00")
	first := w.ok(w.registered("first", "199001012385")).ID
	for n, written := range []string{"9001012385", "900101-2385", "19900101-2385", "19900101 2385", "900101 2385", "1990 01 01 2385"} {
		id := fmt.Sprint("again-", n)
		if got := w.registered(id, written); got.Status != http.StatusConflict {
			t.Errorf("form %d is another person: %d %s", n, got.Status, got.body)
		}
		w.ok(w.line("/v1/persons", id+"-off", "person.deregistered", map[string]any{"nationalId": written, "effective": "2024-06-15", "reason": "x"}))
		if got := w.ok(w.registered(id+"-on", written)).ID; got != first {
			t.Errorf("form %d is another person", n)
		}
	}
	if n := w.count(`SELECT count(*) FROM person`); n != 1 {
		t.Errorf("%d persons", n)
	}
	for n, wrong := range []string{"199001012386", "19900101238", "1990010123855", "199013012385", "１99001012385", "900101/2385", "900101--2385", "", " ", "1990\u00a00101\u00a02385", "199001012385\u202e"} {
		if got := w.registered(fmt.Sprint("wrong-", n), wrong); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("wrong form %d is answered %d %s", n, got.Status, got.body)
		}
	}
}

func TestTenDigitsAtTheTurnOfACenturyAreOfWhoWroteThemThen(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+02:00")
	old, young := swedish("19240616"), swedish("20240615")
	oldest := w.ok(w.registered("old", old)).ID
	youngest := w.ok(w.registered("young", young)).ID
	for name, c := range map[string]struct {
		written string
		person  uuid.UUID
	}{
		"born tomorrow a hundred years ago": {old[2:], oldest},
		"a plus from the year of a hundred": {old[2:8] + "+" + old[8:], oldest},
		"born today":                        {young[2:], youngest},
	} {
		off := w.ok(w.line("/v1/persons", name, "person.deregistered", map[string]any{"nationalId": c.written, "effective": "2024-06-15", "reason": "x"}))
		if off.ID != c.person {
			t.Errorf("%s: another person", name)
		}
		w.ok(w.registered(name+" again", c.written))
	}
	if got := w.registered("centenarian", young[2:8]+"+"+young[8:]); got.Status/100 != 2 || got.ID == youngest {
		t.Errorf("a plus makes somebody of 2024 of somebody of 1924: %d", got.Status)
	}
}

func TestACoordinationNumberIsANumberOfItsOwn(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+02:00")
	personal, coordination := swedish("19900101"), swedish("19900161")
	a, b := w.ok(w.registered("a", personal)).ID, w.ok(w.registered("b", coordination)).ID
	if a == b {
		t.Error("one person")
	}
	for n, written := range []string{coordination[2:], coordination[2:8] + "-" + coordination[8:], coordination[:8] + " " + coordination[8:]} {
		got := w.ok(w.line("/v1/persons", fmt.Sprint("off-", n), "person.deregistered", map[string]any{"nationalId": written, "effective": "2024-06-15", "reason": "x"}))
		if got.ID != b {
			t.Errorf("form %d is another person", n)
		}
		w.ok(w.registered(fmt.Sprint("on-", n), written))
	}
	for n, wrong := range []string{swedish("19900192"), swedish("19900160"), swedish("19900290")} {
		if got := w.registered(fmt.Sprint("wrong-", n), wrong); got.Reason != "invalid-national-id" {
			t.Errorf("a day that there is not (%d) is answered %d %s", n, got.Status, got.body)
		}
	}
}

func TestIdentityCodesThatDifferInTheSeparatorAloneAreDifferentPersons(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+03:00")
	w.actFor(teServices)
	persons := map[uuid.UUID]bool{}
	separators := []string{"-", "Y", "X", "W", "V", "U", "A", "B", "C", "D", "E", "F"}
	for _, separator := range separators {
		person := w.ok(w.registered("reg-"+separator, finnish("010503", separator, 903))).ID
		persons[person] = true
		off := w.ok(w.line("/v1/persons", "off-"+separator, "person.deregistered", map[string]any{"nationalId": finnish("010503", separator, 903), "effective": "2024-06-15", "reason": "x"}))
		if off.ID != person {
			t.Errorf("%q is not found again", separator)
		}
	}
	if len(persons) != len(separators) {
		t.Errorf("%d persons of %d codes", len(persons), len(separators))
	}
	code := finnish("010503", "A", 903)
	for n, wrong := range []string{finnish("010503", "Z", 903), finnish("010503", "G", 903), code[:10] + "?", code[:6] + code[7:], "310203" + code[6:], finnish("010503", "A", 123)} {
		if got := w.registered(fmt.Sprint("wrong-", n), wrong); got.Reason != "invalid-national-id" {
			t.Errorf("wrong code %d is answered %d %s", n, got.Status, got.body)
		}
	}
}

func TestInsideThePeriodAPersonIsTheSameAndAfterItSomebodyNewWithNothingToJoinThem(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	first := w.ok(w.registered("first", anna)).ID
	w.ok(w.line("/v1/persons", "off-1", "person.deregistered", map[string]any{"nationalId": anna, "effective": "2022-05-16", "reason": "x"}))
	w.clock.set(t, "2024-07-16T23:59:00+02:00")
	if again := w.ok(w.registered("on the last day", "900101-2385")).ID; again != first {
		t.Error("on the last day it is somebody else")
	}
	w.ok(w.line("/v1/persons", "off-2", "person.deregistered", map[string]any{"nationalId": anna, "effective": "2024-07-16", "reason": "x"}))
	w.clock.set(t, "2026-09-17T00:00:00+02:00")
	w.due("AFC-13", "2026-09-17", first)
	w.until("the old one is gone", func() bool { return len(w.disposed()) == 1 })
	second := w.ok(w.registered("after the period", anna)).ID
	if second == first || w.status("/v1/persons/"+first.String()) != http.StatusGone {
		t.Error("after the period it is the old person")
	}
	if n := w.count(`SELECT count(*) FROM registration WHERE person = $1`, second); n != 1 {
		t.Errorf("the new person has %d registrations", n)
	}
	// The old one is a random id among tombstones: no row and no event names both.
	if n := w.count(`SELECT count(*) FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%' || $1 || '%' AND convert_from(payload, 'UTF8') LIKE '%' || $2 || '%'`, first.String(), second.String()); n != 0 {
		t.Errorf("%d events join the two", n)
	}
}

func TestANameThatIsNotWhatItLooksLikeIsRefusedAndOneNameHasOneForm(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+02:00")
	register := func(id, name string) answer {
		t.Helper()
		return w.line("/v1/persons", id, "person.registered", map[string]any{"person": map[string]string{"nationalId": swedish("19900103"), "name": name}})
	}
	recruitment := w.recruitment("R-1")
	for what, name := range map[string]string{"a Cyrillic letter": "\u0410nna Kanarie", "a turned direction": "Anna \u202eeiranaK", "nothing between letters": "An\u200bna", "two lines": "Anna\nKanarie", "half a letter's mark": "Anna\u2066"} {
		if got := register(what, name); got.Status != http.StatusUnprocessableEntity || got.Field != "name" {
			t.Errorf("%s: %d %s", what, got.Status, got.body)
		}
		if got := w.apply(recruitment, number(3), name); got.Status != http.StatusUnprocessableEntity || got.Field != "name" {
			t.Errorf("an applicant with %s: %d %s", what, got.Status, got.body)
		}
	}
	if n := w.count(`SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM share WHERE kind <> 'case')`); n != 0 {
		t.Errorf("%d are stored", n)
	}
	person := w.ok(register("apart", "A\u030asa Kanarie")).ID // å in two characters
	var v struct{ Fields map[string]string }
	w.must(json.Unmarshal([]byte(w.ok(w.call(http.MethodGet, "/v1/persons/"+person.String(), "", nil)).body), &v))
	if v.Fields["name"] != "\u00c5sa Kanarie" {
		t.Errorf("%+q", v.Fields["name"])
	}
	for what, number := range map[string]string{"two lines": "R-2\nR-3", "a turned direction": "R-\u202e2"} {
		if got := w.line("/v1/cases", what, "case.opened", map[string]any{"case": number, "type": "recruitment", "persons": []string{}}); got.Reason != "invalid-text" {
			t.Errorf("a case's number with %s: %d %s", what, got.Status, got.body)
		}
	}
}

func TestTheSameNumberAtTwoAuthoritiesIsTwoPersonsWithNothingToJoinThem(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+02:00")
	here := w.ok(w.registered("here", anna)).ID
	w.actFor(sthlm)
	there := w.ok(w.registered("there", anna)).ID
	if here == there || w.status("/v1/persons/"+here.String()) != http.StatusNotFound {
		t.Error("one authority reads the other's person")
	}
	other := officer("sofia", "case-officer")
	other.Authority = sthlm
	if _, f := w.search(other, "case-handling", map[string]string{"nationalId": anna}); f.Count != 1 || f.Persons[0].ID != there {
		t.Errorf("%+v", f)
	}
	w.ok(w.line("/v1/persons", "off", "person.deregistered", map[string]any{"nationalId": anna, "effective": "2024-06-15", "reason": "x"}))
	w.actFor(af)
	if got := w.registered("again", anna); got.Status != http.StatusConflict {
		t.Errorf("the end at one authority ended the other's registration: %d", got.Status)
	}
}

// AFC-23, AFG-25, L-05
func TestWhoOnlyGetsDataRegistersNobodyAndDecidesAboutNoCase(t *testing.T) {
	w := newWorld(t, "2024-06-15T09:00:00+02:00")
	for _, role := range []string{"processor", "analyst", "recipient"} {
		for path, body := range map[string]map[string]any{
			"/v1/persons": {"kind": "person.registered", "person": map[string]string{"nationalId": anna, "name": "Anna Kanarie"}},
			"/v1/cases":   {"kind": "case.opened", "case": "R-1", "type": "recruitment", "persons": []string{}},
		} {
			body["id"], body["at"], body["authority"] = role+path, "2024-06-15T09:00:00+02:00", af
			if got := w.ask(officer("x", role), http.MethodPost, path, "", body); got.Status != http.StatusForbidden || got.rule() != "L-05" {
				t.Errorf("a %s at %s: %d %s", role, path, got.Status, got.body)
			}
		}
	}
	if n := w.count(`SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM case_file)`); n != 0 {
		t.Errorf("%d are stored", n)
	}
}
