package caselinker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
)

func (w *world) noteIn(caseID uuid.UUID, body map[string]any) answer {
	w.t.Helper()
	if body["text"] == nil {
		body["text"] = "a note"
	}
	return w.post("/v1/cases/"+caseID.String()+"/notes", body)
}

func (w *world) caseOf(number, caseType string, persons ...string) uuid.UUID {
	w.t.Helper()
	return w.ok(w.line("/v1/cases", "open-"+number, "case.opened", map[string]any{"case": number, "type": caseType, "persons": append([]string{}, persons...)})).ID
}

// AFC-09, AFG-15, AFG-17, AFG-18, STH-02, L-07, L-29: what may be written depends on what a person is in.
func TestWhatANoteMayHoldDependsOnThePersonsSituation(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	w.enrol(bo, "Bo Åkerprov")
	job, benefit := w.caseOf("AF-1", "job-seeking", anna), w.caseOf("AF-2", "benefit", bo)
	both := w.caseOf("AF-3", "job-seeking", anna, bo)
	fields := func(more ...any) map[string]any {
		f := map[string]any{}
		for i := 0; i < len(more); i += 2 {
			f[more[i].(string)] = more[i+1]
		}
		return map[string]any{"fields": f}
	}
	with := func(body map[string]any, more ...any) map[string]any {
		for i := 0; i < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		return body
	}
	need := map[string]any{"reason": "adapted-work"}
	for name, c := range map[string]struct {
		in            uuid.UUID
		body          map[string]any
		status        int
		reason, cites string
	}{
		"competence":                       {job, fields("skills", "welding", "education", "upper secondary"), 201, "", ""},
		"places of work":                   {job, fields("workHistory", []any{map[string]any{"employer": "Bygg AB", "from": "2020-01"}}), 201, "", ""},
		"a benefit with a benefit":         {benefit, fields("benefitGranted", "2023-05-01"), 201, "", ""},
		"a benefit without one":            {job, fields("benefitGranted", "2023-05-01"), 403, "denied", "AFG-17"},
		"a programme without one":          {benefit, fields("programme", "job guarantee"), 403, "denied", "AFG-17"},
		"health without a need":            {job, fields("health", "kanarie-asthma"), 403, "denied", "L-07"},
		"health with a need":               {job, with(fields("health", "kanarie-asthma"), "necessity", need), 201, "", ""},
		"offences without a need":          {job, fields("offences", "kanarie-none"), 403, "denied", "L-07"},
		"a partner, just so":               {job, fields("partner", "kanarie works"), 403, "denied", "L-29"},
		"a partner, with a relation":       {job, with(fields("partner", "kanarie works"), "relation", "partner"), 403, "denied", "L-29"},
		"a partner, with a need":           {job, with(fields("partner", "kanarie works"), "necessity", need), 403, "denied", "L-29"},
		"children of a neighbour":          {job, with(fields("children", "kanarie two"), "necessity", need, "relation", "neighbour"), 403, "denied", "L-29"},
		"a partner, with both":             {job, with(fields("partner", "kanarie works"), "necessity", need, "relation", "partner"), 201, "", ""},
		"what a channel sees":              {job, fields("ipAddress", "192.0.2.1"), 403, "denied", "AFC-12"},
		"what nobody knows":                {job, fields("shoeSize", 43), 422, "unknown-field", ""},
		"a person for a name":              {job, fields("Anna Kanarie", "x"), 422, "unknown-field", ""},
		"nothing for a value":              {job, fields("skills", nil), 422, "invalid-field", ""},
		"too deep":                         {job, fields("skills", []any{[]any{[]any{[]any{"x"}}}}), 422, "invalid-field", ""},
		"a bell":                           {job, fields("skills", []any{"wel\ading"}), 422, "invalid-text", ""},
		"of whom?":                         {both, fields("skills", "welding"), 422, "invalid-field", ""},
		"of one of two":                    {both, with(fields("skills", "welding"), "about", []string{anna}), 201, "", ""},
		"a benefit of who has none":        {both, with(fields("benefitGranted", "x"), "about", []string{anna}), 403, "denied", "AFG-17"},
		"a benefit of who has, in another": {both, with(fields("benefitGranted", "2023-05-01"), "about", []string{bo}), 201, "", ""},
		"prose for a need":                 {job, with(fields("health", "x"), "necessity", map[string]any{"reason": "Because she said so"}), 422, "invalid-field", ""},
		"prose for relevance":              {job, map[string]any{"relevance": "Because she said so"}, 422, "invalid-field", ""},
		"received tomorrow":                {job, map[string]any{"receivedOn": "2023-05-04", "final": true}, 422, "invalid-time", ""},
	} {
		got := w.noteIn(c.in, c.body)
		if got.Status != c.status || got.Reason != c.reason || got.rule() != c.cites || strings.Contains(strings.ToLower(got.body), "kanarie") {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	many := map[string]any{}
	for n := range 51 {
		many[fmt.Sprint("field", n)] = "x"
	}
	if got := w.noteIn(job, map[string]any{"fields": many}); got.Reason != "too-large" {
		t.Errorf("fifty-one fields: %d %s", got.Status, got.body)
	}
	w.ok(w.line("/v1/cases", "close", "case.closed", map[string]any{"case": "AF-2", "effective": "2023-05-02", "reason": "x"}))
	w.clock.set(t, "2023-05-02T09:01:00+02:00")
	if got := w.noteIn(both, with(fields("benefitGranted", "2023-05-01"), "about", []string{bo})); got.rule() != "AFG-17" {
		t.Errorf("after the benefit: %d %s", got.Status, got.body)
	}
}

// AFC-08, L-17: a note says who wrote it, when, and why it matters.
func TestANoteHasItsAuthorItsTimeAndAReason(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	job := w.caseOf("AF-1", "job-seeking", anna)
	for body, want := range map[string]string{`{}`: "case-handling", `{"relevance":"placement","receivedOn":"2023-05-01","fields":{"skills":["welding"],"jobWishes":"north"}}`: "placement"} {
		var note map[string]any
		w.must(json.Unmarshal([]byte(body), &note))
		got := w.ok(w.call(http.MethodGet, "/v1/notes/"+w.ok(w.noteIn(job, note)).Note.String(), "", nil))
		var v struct {
			Author, Relevance, ReceivedOn string
			NotedAt                       time.Time
			Fields                        map[string]any
			Stored                        []string
		}
		w.must(json.Unmarshal([]byte(got.body), &v))
		if v.Author != "olle" || v.Relevance != want || !v.NotedAt.Equal(w.clock.Now()) {
			t.Errorf("%+v", v)
		}
		if want == "placement" && (v.ReceivedOn != "2023-05-01" || v.Fields["jobWishes"] != "north" || !slices.Equal(v.Stored, []string{"author", "text", "jobWishes", "skills"})) {
			t.Errorf("%+v", v)
		}
	}
}

// AFG-14, AFG-17, AFG-18, TES-01: two persons in two situations have two lists of what may be stored.
func TestARegistrationKeepsWhatThePersonsSituationCallsFor(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	register := func(id, number string) (stored, dropped []string) {
		t.Helper()
		a := w.ok(w.line("/v1/persons", id, "person.registered", map[string]any{"person": map[string]string{
			"nationalId": number, "name": "Kanarie", "skills": "welding", "programme": "job guarantee", "benefitGranted": "2023-05-01", "health": "asthma"}}))
		var said struct{ Stored, Dropped []string }
		w.must(json.Unmarshal([]byte(a.body), &said))
		slices.Sort(said.Dropped)
		return said.Stored, said.Dropped
	}
	off := func(id, number string) {
		t.Helper()
		w.ok(w.line("/v1/persons", id, "person.deregistered", map[string]any{"nationalId": number, "effective": "2023-05-02", "reason": "x"}))
	}
	stored, dropped := register("a", anna)
	if !slices.Equal(stored, []string{"nationalId", "name", "skills"}) || !slices.Equal(dropped, []string{"benefitGranted", "health", "programme"}) {
		t.Errorf("with no case: %v, without %v", stored, dropped)
	}
	register("b", bo)
	w.caseOf("AF-1", "programme", anna)
	w.caseOf("AF-2", "benefit", bo)
	for id, c := range map[string]struct {
		number          string
		stored, dropped []string
	}{
		"programme": {anna, []string{"nationalId", "name", "programme", "skills"}, []string{"benefitGranted", "health"}},
		"benefit":   {bo, []string{"nationalId", "benefitGranted", "name", "skills"}, []string{"health", "programme"}},
	} {
		off(id+"-off", c.number)
		if stored, dropped := register(id, c.number); !slices.Equal(stored, c.stored) || !slices.Equal(dropped, c.dropped) {
			t.Errorf("with a %s: %v, without %v", id, stored, dropped)
		}
	}
}

// AFG-16
func TestAnActivityReportLiesUnderTheCase(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	w.enrol(bo, "Bo Åkerprov")
	job, both := w.caseOf("AF-1", "job-seeking", anna), w.caseOf("AF-2", "job-seeking", anna, bo)
	path := func(id uuid.UUID) string { return "/v1/cases/" + id.String() + "/activity-reports" }
	report := map[string]any{"counts": map[string]int{"jobsApplied": 3, "interviews": 1}, "items": []string{"kanarie-wrote to three shops"}}
	note := w.ok(w.ask(form, http.MethodPost, path(job), "", report)).Note
	var v struct {
		Kind   string
		Counts map[string]int
		Items  []string
	}
	w.must(json.Unmarshal([]byte(w.ok(w.call(http.MethodGet, "/v1/notes/"+note.String(), "", nil)).body), &v))
	if v.Kind != "activity-report" || v.Counts["jobsApplied"] != 3 || len(v.Items) != 1 {
		t.Errorf("%+v", v)
	}
	if told := said[events.CaseNoted](w, events.TypeCaseNoted); len(told) != 1 || told[0].Note != note || told[0].Case != job {
		t.Errorf("told %+v", told)
	}
	w.ok(w.ask(officer("olle", "case-officer"), http.MethodPost, path(both), "", map[string]any{"about": bo, "counts": map[string]int{"activities": 2}}))
	for name, c := range map[string]struct {
		in            uuid.UUID
		body          map[string]any
		status        int
		reason, field string
	}{
		"of whom?":        {both, report, 422, "invalid-field", "about"},
		"nothing done":    {job, map[string]any{}, 422, "missing-field", "counts"},
		"less than none":  {job, map[string]any{"counts": map[string]int{"jobsApplied": -1}}, 422, "invalid-field", "counts"},
		"a mistake":       {job, map[string]any{"counts": map[string]int{"jobsApplied": 10_001}}, 422, "invalid-field", "counts"},
		"another count":   {job, map[string]any{"counts": map[string]int{"sickDays": 3}}, 422, "invalid-field", "counts"},
		"a bell":          {job, map[string]any{"items": []string{"kanarie\a"}}, 422, "invalid-text", "items"},
		"tomorrow":        {job, map[string]any{"at": "2023-05-03T09:00:00+02:00", "items": []string{"x"}}, 422, "invalid-time", "at"},
		"an unknown case": {uuid.New(), report, 404, "not-found", ""},
	} {
		got := w.ask(form, http.MethodPost, path(c.in), "", c.body)
		if got.Status != c.status || got.Reason != c.reason || got.Field != c.field || strings.Contains(got.body, "kanarie") {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	if got := w.ask(company("Varbi"), http.MethodPost, "/v1/cases/"+job.String()+"/notes", "", map[string]any{"text": "x"}); got.Status != http.StatusForbidden {
		t.Errorf("a processor writes in a case: %d", got.Status)
	}
}

// AFG-20: cases about employers and suppliers hold who represents them, and nobody's job-seeking.
func TestACaseAboutASupplierHoldsRepresentativesAndNoJobSeeker(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	if got := w.line("/v1/cases", "with-anna", "case.opened", map[string]any{"case": "S-1", "type": "supplier", "persons": []string{anna}}); got.Status != http.StatusForbidden || got.rule() != "AFG-20" {
		t.Errorf("a job-seeker in a supplier's case: %d %s", got.Status, got.body)
	}
	supplier := w.caseOf("S-1", "supplier")
	admin := officer("eva", "admin")
	join := func(number string) answer {
		t.Helper()
		return w.ask(admin, http.MethodPost, "/v1/cases/"+supplier.String()+"/persons", "", map[string]any{"person": map[string]string{"nationalId": number, "name": "Bo Åkerprov"}})
	}
	if got := join("900101-2385"); got.Status != http.StatusForbidden || got.rule() != "AFG-20" {
		t.Errorf("a job-seeker joins: %d %s", got.Status, got.body)
	}
	first := w.ok(join(bo))
	if again := w.ok(join(bo)); !again.Duplicate || applied(t, again) != applied(t, first) {
		t.Errorf("%s", again.body)
	}
	if n := w.count(`SELECT count(*) FROM share WHERE kind = 'representative'`); n != 1 {
		t.Errorf("%d representatives", n)
	}
	note := w.ok(w.ask(admin, http.MethodPost, "/v1/cases/"+supplier.String()+"/notes", "", map[string]any{"text": "the yearly check", "about": []string{bo}})).Note
	if got := w.as(admin, "supervision", "/v1/notes/"+note.String()); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.body)
	}
	for name, by := range map[string]string{"an officer of job-seekers": "case-officer", "a recruiter": "recruiter"} {
		if got := w.ask(officer("x", by), http.MethodPost, "/v1/cases/"+supplier.String()+"/persons", "", whom(number(5))); got.Status/100 == 2 {
			t.Errorf("%s adds somebody: %d", name, got.Status)
		}
	}
	if w.sent(events.TypeStatisticsRecorded) != 0 {
		t.Error("statistics counts a supplier")
	}
}

// AFG-19: control is for control officers.
func TestOnlyControlOfficersWriteInControlCases(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.enrol(anna, "Anna Kanarie")
	control := w.caseOf("K-1", "control", anna)
	path := "/v1/cases/" + control.String() + "/notes"
	for role, status := range map[string]int{"control-officer": 201, "matching-officer": 403, "case-officer": 403, "recruiter": 403, "processor": 403, "analyst": 403} {
		if got := w.ask(officer("x", role), http.MethodPost, path, "", map[string]any{"text": "x"}); got.Status != status {
			t.Errorf("%s: %d %s", role, got.Status, got.body)
		}
	}
}
