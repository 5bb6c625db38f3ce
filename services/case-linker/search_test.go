package caselinker_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
)

type foundPersons struct {
	Persons []struct {
		ID     uuid.UUID
		Name   string
		Masked bool
	}
	Count int
}

func (w *world) search(c bearer.Claims, purpose string, query any) (answer, foundPersons) {
	w.t.Helper()
	a := w.ask(c, http.MethodPost, "/v1/persons/search", purpose, query)
	var f foundPersons
	_ = json.Unmarshal([]byte(a.body), &f)
	return a, f
}

var olle = officer("olle", "case-officer")

func TestAPersonIsFoundByNumberAndByCase(t *testing.T) {
	w := newWorld(t, "2024-05-02T09:00:00+02:00")
	a, b := w.enrol(anna, "Anna Kanarie"), w.enrol(bo, "Bo Åkerprov")
	w.caseOf("AF-1", "job-seeking", anna, bo)
	w.caseOf("K-1", "control", anna)
	recruitment := w.recruitment("R-1")
	w.ok(w.applies(recruitment, number(3)))
	for name, c := range map[string]struct {
		query map[string]string
		want  []uuid.UUID
	}{
		"a number":                            {map[string]string{"nationalId": anna}, []uuid.UUID{a}},
		"written shorter":                     {map[string]string{"nationalId": "900101-2385"}, []uuid.UUID{a}},
		"with spaces":                         {map[string]string{"nationalId": "19900101 2385"}, []uuid.UUID{a}},
		"nobody's":                            {map[string]string{"nationalId": number(7)}, nil},
		"an applicant's":                      {map[string]string{"nationalId": number(3)}, nil},
		"a case":                              {map[string]string{"caseNumber": "AF-1"}, []uuid.UUID{a, b}},
		"a case there is not":                 {map[string]string{"caseNumber": "AF-404"}, nil},
		"a case that one may not read":        {map[string]string{"caseNumber": "K-1"}, nil},
		"a recruitment that one may not read": {map[string]string{"caseNumber": "R-1"}, nil},
	} {
		got, f := w.search(olle, "case-handling", c.query)
		if got.Status != http.StatusOK || f.Count != len(c.want) || len(f.Persons) != len(c.want) {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
			continue
		}
		for _, p := range f.Persons {
			if p.ID != a && p.ID != b || p.ID == a && p.Name != "Anna Kanarie" || p.Masked {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	if _, f := w.search(officer("kim", "control-officer"), "control", map[string]string{"caseNumber": "K-1"}); f.Count != 1 {
		t.Errorf("a control officer finds %d", f.Count)
	}
	other := olle
	other.Authority = "te-services"
	if got, f := w.search(other, "case-handling", map[string]string{"caseNumber": "AF-1"}); got.Status != http.StatusOK || f.Count != 0 {
		t.Errorf("another authority finds %d %s", got.Status, got.body)
	}
	if n := w.sent(events.TypeAccessLogged); n != 11 {
		t.Errorf("%d searches were written down, of eleven", n)
	}
	w.clock.set(t, "2024-05-03T09:00:00+02:00")
	w.ok(w.line("/v1/persons", "off", "person.deregistered", map[string]any{"nationalId": anna, "effective": "2024-05-03", "reason": "x"}))
	w.clock.set(t, "2026-07-04T00:00:00+02:00")
	if _, f := w.search(olle, "case-handling", map[string]string{"nationalId": anna}); f.Count != 0 {
		t.Error("whoever's time is over is found")
	}
}

// L-08, L-09, AFG-06, AFC-23, AFC-29: what nobody may search by is refused with the reason, and so is who may not search.
func TestNobodySearchesByNamePhoneOrWhatIsSensitive(t *testing.T) {
	w := newWorld(t, "2024-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	unsigned, untrained := olle, olle
	unsigned.Undertaking, untrained.Trained = false, false
	for name, c := range map[string]struct {
		by      bearer.Claims
		purpose string
		query   any
		status  int
		rule    string
	}{
		"a telephone":             {olle, "case-handling", map[string]string{"phoneNumber": "0701740605"}, 403, "L-09"},
		"a telephone besides":     {olle, "case-handling", map[string]string{"nationalId": anna, "phoneNumber": "0701740605"}, 403, "L-09"},
		"a name":                  {olle, "case-handling", map[string]string{"name": "Anna Kanarie"}, 403, "L-08"},
		"a word":                  {olle, "case-handling", map[string]string{"text": "welding"}, 403, "L-08"},
		"a diagnosis":             {olle, "case-handling", map[string]string{"diagnosis": "f32"}, 403, "L-08"},
		"a diagnosis as a number": {olle, "case-handling", map[string]string{"caseNumber": "Diagnos F32"}, 403, "L-08"},
		"in another alphabet":     {olle, "case-handling", map[string]string{"caseNumber": "ｄｉａｇｎｏｓ"}, 403, "L-08"},
		"religion":                {olle, "case-handling", map[string]string{"nationalId": "religion"}, 403, "L-08"},
		"what nobody knows":       {olle, "case-handling", map[string]string{"shoeSize": "43"}, 422, ""},
		"two terms":               {olle, "case-handling", map[string]string{"nationalId": anna, "caseNumber": "AF-1"}, 422, ""},
		"nothing":                 {olle, "case-handling", map[string]string{}, 422, ""},
		"an empty number":         {olle, "case-handling", map[string]string{"nationalId": ""}, 422, ""},
		"a wrong number":          {olle, "case-handling", map[string]string{"nationalId": "199001012386"}, 422, ""},
		"a number's number":       {olle, "case-handling", map[string]int{"nationalId": 7}, 422, ""},
		"broken":                  {olle, "case-handling", []byte(`{"nationalId"`), 400, ""},
		"a list":                  {olle, "case-handling", []byte(`["199001012385"]`), 400, ""},
		"too long":                {olle, "case-handling", map[string]string{"caseNumber": strings.Repeat("x", 1<<20)}, 413, ""},
		"for no purpose":          {olle, "", map[string]string{"nationalId": anna}, 403, "AFG-06"},
		"for another purpose":     {olle, "curiosity", map[string]string{"nationalId": anna}, 403, "AFG-06"},
		"without an undertaking":  {unsigned, "case-handling", map[string]string{"nationalId": anna}, 403, "L-05"},
		"without training":        {untrained, "case-handling", map[string]string{"nationalId": anna}, 403, "L-05"},
		"a processor":             {company("Telia"), "case-handling", map[string]string{"text": "register"}, 403, "L-05"},
		"a processor, a number":   {company("Telia"), "case-handling", map[string]string{"nationalId": anna}, 403, "L-05"},
		"an analyst":              {officer("anja", "analyst"), "case-handling", map[string]string{"nationalId": anna}, 403, "L-05"},
		"a machine":               {form, "case-handling", map[string]string{"nationalId": anna}, 403, "L-05"},
	} {
		got, f := w.search(c.by, c.purpose, c.query)
		if got.Status != c.status || got.rule() != c.rule || f.Count != 0 || strings.Contains(got.body, "Kanarie") || strings.Contains(got.body, anna) {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
}

// AFG-08, AFG-10: whoever is not appointed gets the answer about nobody, byte for byte.
func TestASearchForAProtectedPersonAnswersAsForNobody(t *testing.T) {
	w := newWorld(t, "2024-05-02T09:00:00+02:00")
	person := w.enrol(anna, "Anna Kanarie")
	w.enrol(bo, "Bo Åkerprov")
	caseID := w.caseOf("AF-1", "job-seeking", anna, bo)
	petra := officer("petra", "protected-officer", "case-officer")
	petra.Appointed = true
	w.ok(w.ask(petra, http.MethodPost, "/v1/protections", "case-handling", map[string]string{"nationalId": anna, "level": "marker"}))
	for query, nobody := range map[string]map[string]string{
		`{"nationalId":"199001012385"}`: {"nationalId": number(7)},
		`{"caseNumber":"AF-1"}`:         {"caseNumber": "AF-404"},
	} {
		hidden, _ := w.search(olle, "case-handling", []byte(query))
		unknown, _ := w.search(olle, "case-handling", nobody)
		if hidden.Status != unknown.Status || hidden.body != unknown.body {
			t.Errorf("%d %s, for nobody %d %s", hidden.Status, hidden.body, unknown.Status, unknown.body)
		}
		got, f := w.search(petra, "case-handling", []byte(query))
		if f.Count == 0 || strings.Contains(got.body, "Anna") {
			t.Errorf("petra gets %d %s", got.Status, got.body)
		}
	}
	if got := w.as(olle, "case-handling", "/v1/persons/"+person.String()+"/cases"); got.Status != http.StatusNotFound {
		t.Errorf("olle reads the cases: %d", got.Status)
	}
	other := w.ok(w.ask(olle, http.MethodPost, "/v1/persons/search", "case-handling", map[string]string{"nationalId": bo}))
	var f foundPersons
	w.must(json.Unmarshal([]byte(other.body), &f))
	var cases struct{ Cases []struct{ ID uuid.UUID } }
	w.must(json.Unmarshal([]byte(w.ok(w.as(olle, "case-handling", "/v1/persons/"+f.Persons[0].ID.String()+"/cases")).body), &cases))
	if len(cases.Cases) != 0 {
		t.Errorf("olle sees %d cases of who shares one with a protected person", len(cases.Cases))
	}
	w.must(json.Unmarshal([]byte(w.ok(w.as(petra, "case-handling", "/v1/persons/"+f.Persons[0].ID.String()+"/cases")).body), &cases))
	if len(cases.Cases) != 1 || cases.Cases[0].ID != caseID {
		t.Errorf("petra sees %+v", cases)
	}
}

func TestThePersonsCasesAreThoseThatTheReaderMayRead(t *testing.T) {
	w := newWorld(t, "2024-05-02T09:00:00+02:00")
	person := w.enrol(anna, "Anna Kanarie")
	job := w.caseOf("AF-1", "job-seeking", anna)
	w.clock.set(t, "2024-05-03T09:00:00+02:00")
	w.caseOf("K-1", "control", anna)
	w.caseOf("AF-2", "programme", anna)
	w.ok(w.line("/v1/cases", "close", "case.closed", map[string]any{"case": "AF-1", "effective": "2024-05-03", "reason": "x"}))
	path := "/v1/persons/" + person.String() + "/cases"
	read := func(c bearer.Claims, purpose string) (types []string, first map[string]any) {
		t.Helper()
		var said struct{ Cases []map[string]any }
		w.must(json.Unmarshal([]byte(w.ok(w.as(c, purpose, path)).body), &said))
		for _, c := range said.Cases {
			types = append(types, c["type"].(string))
			if c["id"] == job.String() {
				first = c
			}
		}
		return types, first
	}
	types, first := read(olle, "case-handling")
	if strings.Join(types, " ") != "programme job-seeking" || first["number"] != "AF-1" || first["closedOn"] != "2024-05-03" || first["openedAt"] != "2024-05-02T07:00:00Z" || first["assigned"] != true {
		t.Errorf("%v %v", types, first)
	}
	if types, _ := read(officer("kim", "control-officer"), "control"); strings.Join(types, " ") != "control" {
		t.Errorf("a control officer sees %v", types)
	}
	if types, first := read(officer("eva", "case-officer"), "case-handling"); len(types) != 2 || first["assigned"] != false {
		t.Errorf("eva sees %v %v", types, first)
	}
	for name, got := range map[string]answer{
		"a recruiter":  w.as(rut, "recruitment", path),
		"no purpose":   w.as(olle, "", path),
		"a processor":  w.as(company("Varbi"), "case-handling", path),
		"nobody there": w.as(olle, "case-handling", "/v1/persons/"+uuid.NewString()+"/cases"),
		"no id":        w.as(olle, "case-handling", "/v1/persons/x/cases"),
	} {
		want := map[string]int{"a recruiter": 200, "no purpose": 403, "a processor": 403, "nobody there": 404, "no id": 404}[name]
		if got.Status != want || name == "a recruiter" && strings.TrimSpace(got.body) != `{"cases":[]}` {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
}

// STH-21: only the officers concerned read a case of the labour market board.
func TestACaseIsForTheOfficersWhoHandleIt(t *testing.T) {
	w := newWorld(t, "2024-05-02T09:00:00+02:00")
	w.actFor(sthlm)
	w.enrol(anna, "Anna Kanarie")
	sofia, david, boss := officer("sofia", "case-officer"), officer("david", "case-officer"), officer("lina", "records-manager")
	for _, c := range []*bearer.Claims{&sofia, &david, &boss} {
		c.Authority = sthlm
	}
	caseID := w.ok(w.ask(sofia, http.MethodPost, "/v1/cases", "", map[string]any{"id": "o", "kind": "case.opened", "at": "2024-05-02T09:00:00+02:00",
		"authority": sthlm, "case": "S-1", "type": "job-seeking", "persons": []string{anna}})).ID
	path := "/v1/cases/" + caseID.String()
	reads := func(when string, c bearer.Claims, status int) {
		t.Helper()
		if got := w.as(c, "case-handling", path); got.Status != status || status == http.StatusForbidden && got.rule() != "STH-21" {
			t.Errorf("%s %s reads: %d %s", when, c.Name, got.Status, got.body)
		}
		want := map[int]int{http.StatusOK: http.StatusCreated, http.StatusForbidden: http.StatusForbidden}[status]
		if got := w.ask(c, http.MethodPost, path+"/notes", "", map[string]any{"text": "x"}); got.Status != want {
			t.Errorf("%s %s writes: %d %s", when, c.Name, got.Status, got.body)
		}
	}
	assign := func(by bearer.Claims, method, account string, status int) {
		t.Helper()
		if got := w.ask(by, method, path+"/officers/"+account, "", map[string]any{}); got.Status != status {
			t.Errorf("%s %ss %s: %d %s", by.Name, method, account, got.Status, got.body)
		}
	}
	reads("after opening", sofia, http.StatusOK)
	reads("after opening", david, http.StatusForbidden)
	assign(david, http.MethodPut, "david", http.StatusForbidden) // nobody lets themselves in
	assign(sofia, http.MethodPut, "david", http.StatusNoContent)
	assign(sofia, http.MethodPut, "david", http.StatusNoContent) // twice is once
	reads("assigned", david, http.StatusOK)
	assign(boss, http.MethodDelete, "david", http.StatusNoContent)
	reads("unassigned", david, http.StatusForbidden)
	assign(boss, http.MethodPut, "a%00b", http.StatusUnprocessableEntity)
	if got := w.ask(boss, http.MethodPut, "/v1/cases/"+uuid.NewString()+"/officers/david", "", map[string]any{}); got.Status != http.StatusNotFound {
		t.Errorf("an unknown case: %d %s", got.Status, got.body)
	}
	if told := said[events.CaseAssigned](w, events.TypeCaseAssigned); len(told) != 2 || !told[0].Assigned || told[1].Assigned || told[0].Officer != told[1].Officer {
		t.Errorf("told %+v", told)
	}
	if n := w.count(`SELECT count(*) FROM case_officer WHERE encode(uuid_send(officer), 'escape') LIKE '%sofia%'`); n != 0 {
		t.Error("an account stands in the clear")
	}
}
