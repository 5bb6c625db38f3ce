package caselinker_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
)

// ask sends a body as somebody, for a purpose; "" is none.
func (w *world) ask(c bearer.Claims, method, path, purpose string, body any) answer {
	w.t.Helper()
	token, err := bearer.Sign(w.sign, c, clock.PaceNow(), time.Hour)
	w.must(err)
	data, isRaw := body.([]byte)
	if !isRaw {
		data, err = json.Marshal(body)
		w.must(err)
	}
	r, err := http.NewRequestWithContext(w.ctx, method, w.url+path, bytes.NewReader(data))
	w.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if purpose != "" {
		r.Header.Set("Gallra-Purpose", purpose)
	}
	return w.got(r)
}

// rule is what a refusal cites.
func (a answer) rule() string {
	var said struct{ Rule string }
	_ = json.Unmarshal([]byte(a.body), &said)
	return said.Rule
}

// company is a processor's own system.
func company(name string) bearer.Claims {
	return bearer.Claims{Authority: af, Name: name, Roles: []string{"channel", "processor"}, Undertaking: true, Trained: true}
}

var (
	rut  = officer("rut", "recruiter")
	form = bearer.Claims{Authority: af, Name: "form", Roles: []string{"channel"}}
)

func whom(number string, more ...any) map[string]any {
	body := map[string]any{"person": map[string]string{"nationalId": number}}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// applies hands an application in, as the form does.
func (w *world) applies(caseID uuid.UUID, number string) answer {
	w.t.Helper()
	return w.ask(form, http.MethodPost, "/v1/cases/"+caseID.String()+"/persons", "", map[string]any{
		"person": map[string]string{"nationalId": number, "name": "Anna Kanarie"}, "kind": "application", "text": "kanarie-application"})
}

// AFG-39, AFG-40, AFG-41, L-17
func TestAnApplicationIsARecordOfItsOwnAndComesOnce(t *testing.T) {
	w := newWorld(t, "2024-02-12T09:00:00+01:00")
	caseID := w.recruitment("R-1")
	path := "/v1/cases/" + caseID.String() + "/persons"
	bare := w.ok(w.ask(form, http.MethodPost, path, "", map[string]any{"person": map[string]string{"nationalId": bo, "name": "Bo Åkerprov"}}))
	if bare.ID != uuid.Nil {
		t.Errorf("there is a paper although none came: %s", bare.body)
	}
	first := w.ok(w.applies(caseID, anna))
	again := w.ok(w.applies(caseID, "900101-2385"))
	if first.ID == uuid.Nil || again.ID != first.ID || !again.Duplicate {
		t.Errorf("first %s, again %s", first.body, again.body)
	}
	var said struct{ NoticeVersion, NoticeURL string }
	w.must(json.Unmarshal([]byte(first.body), &said))
	if said.NoticeVersion == "" || said.NoticeURL == "" {
		t.Errorf("no notice: %s", first.body)
	}
	late := w.ok(w.applies(caseID, bo)) // who had a share, and hands the paper in later
	if late.ID == uuid.Nil || late.ID == first.ID || late.Duplicate {
		t.Errorf("%s", late.body)
	}
	got := w.ok(w.as(rut, "recruitment", "/v1/notes/"+first.ID.String()))
	var v struct {
		noteView
		Kind, Author string
		NotedAt      time.Time
		LegalBasis   []string
	}
	w.must(json.Unmarshal([]byte(got.body), &v))
	if v.Category != "case.document" || v.Kind != "application" || v.Text != "kanarie-application" || v.Author != "form" || !slices.Equal(v.LegalBasis, []string{"SFS 1994:260"}) || !v.NotedAt.Equal(w.clock.Now()) {
		t.Errorf("%+v", v)
	}
	if n := w.sent(events.TypeCaseNoted); n != 2 {
		t.Errorf("%d papers were told of", n)
	}
	for name, c := range map[string]struct {
		body         map[string]any
		field, rule  string
		status       int
		tellsOfNotic bool
	}{
		"no number":      {map[string]any{"person": map[string]string{"name": "A"}, "kind": "application"}, "nationalId", "AFG-40", 422, true},
		"no name":        {map[string]any{"person": map[string]string{"nationalId": number(3)}, "kind": "application"}, "name", "AFG-40", 422, true},
		"nobody at all":  {map[string]any{"kind": "application"}, "nationalId", "AFG-40", 422, true},
		"more than this": {map[string]any{"person": map[string]string{"nationalId": number(3), "name": "C", "health": "x"}}, "health", "", 422, false},
		"another kind":   {map[string]any{"person": map[string]string{"nationalId": number(3), "name": "C"}, "kind": "reference"}, "kind", "", 422, false},
		"text of none":   {map[string]any{"person": map[string]string{"nationalId": number(3), "name": "C"}, "text": "x"}, "kind", "", 422, false},
	} {
		got := w.ask(form, http.MethodPost, path, "", c.body)
		if got.Status != c.status || got.Field != c.field || got.rule() != c.rule || strings.Contains(got.body, "arbetsformedlingen.se") != c.tellsOfNotic {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
}

// AFG-39, AFG-44: three classes of papers, and of a processor its own alone.
func TestARecruitmentTakesItsKindsOfPapersFromThoseWhoMayHandThemIn(t *testing.T) {
	w := newWorld(t, "2024-04-15T09:00:00+02:00")
	caseID := w.recruitment("R-1")
	share := applied(t, w.ok(w.applies(caseID, anna)))
	path := "/v1/cases/" + caseID.String() + "/papers"
	test := whom(anna, "kind", "test-result", "takenAt", "2024-03-31", "result", "kanarie 61 of 80")
	for name, c := range map[string]struct {
		by     bearer.Claims
		body   map[string]any
		status int
		rule   string
	}{
		"a test by who tests":           {company("Aon Assessment Solutions"), test, 201, ""},
		"a test under its name":         {company("Aon Assessment Solutions"), whom(anna, "kind", "test-result", "takenAt", "2024-03-31", "result", "x", "processor", "Aon Assessment Solutions"), 201, ""},
		"a test by the recruiter":       {rut, test, 201, ""},
		"a reference by who asks":       {company("Refapp"), whom(anna, "kind", "reference", "text", "kanarie good"), 201, ""},
		"notes of an interview":         {rut, whom(anna, "kind", "interview-note", "text", "kanarie calm"), 201, ""},
		"called by share":               {rut, map[string]any{"share": share, "kind": "interview-note", "text": "calm"}, 201, ""},
		"a reference by the recruiter":  {rut, whom(anna, "kind", "reference", "text", "x"), 403, "AFG-39"},
		"a reference in Refapp's name":  {rut, whom(anna, "kind", "reference", "text", "x", "processor", "Refapp"), 201, ""},
		"a photograph":                  {rut, whom(anna, "kind", "photo", "text", "x"), 403, "AFG-39"},
		"a criminal record":             {rut, whom(anna, "kind", "criminal-record", "text", "x"), 403, "AFG-39"},
		"a test by who asks references": {company("Refapp"), test, 403, "AFG-44"},
		"in another's name":             {company("Refapp"), whom(anna, "kind", "test-result", "takenAt", "2024-03-31", "result", "x", "processor", "Aon Assessment Solutions"), 403, "AFG-44"},
		"by a fifth company":            {company("Femte Firman AB"), whom(anna, "kind", "application", "text", "x"), 403, "AFG-44"},
		"by who carries the chat":       {company("Telia"), whom(anna, "kind", "application", "text", "x"), 403, "AFG-44"},
		"in a fifth company's name":     {rut, whom(anna, "kind", "application", "text", "x", "processor", "Femte Firman AB"), 403, "AFG-44"},
		"a test by the form":            {form, test, 403, "L-05"},
		"by who does not recruit":       {officer("olle", "case-officer"), test, 403, "L-05"},
	} {
		if got := w.ask(c.by, http.MethodPost, path, "", c.body); got.Status != c.status || got.rule() != c.rule {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	unsigned := rut
	unsigned.Undertaking = false
	if got := w.ask(unsigned, http.MethodPost, path, "", test); got.Status != http.StatusForbidden {
		t.Errorf("without an undertaking: %d", got.Status)
	}
}

func TestAPaperThatIsNotPossibleSaysWhyAndLeavesNothing(t *testing.T) {
	w := newWorld(t, "2024-04-15T09:00:00+02:00")
	caseID := w.recruitment("R-1")
	w.ok(w.applies(caseID, anna))
	before := w.count(`SELECT count(*) FROM note`)
	path := "/v1/cases/" + caseID.String() + "/papers"
	abroad := rut
	abroad.Authority = "te-services"
	w.enrol(bo, "Bo Åkerprov")
	for name, c := range map[string]struct {
		by            bearer.Claims
		path          string
		body          any
		status        int
		reason, field string
	}{
		"broken":                     {rut, path, []byte(`{"kind":`), 400, "not-json", ""},
		"twice":                      {rut, path, []byte(`{"kind":"a","kind":"b"}`), 400, "not-json", ""},
		"a stranger":                 {rut, path, whom(anna, "mood", "x"), 422, "unknown-field", "mood"},
		"a megabyte":                 {rut, path, whom(anna, "kind", "interview-note", "text", strings.Repeat("x", 1<<20)), 413, "too-large", ""},
		"a bell":                     {rut, path, whom(anna, "kind", "interview-note", "text", "kanarie\a"), 422, "invalid-text", "text"},
		"nobody":                     {rut, path, map[string]any{"kind": "interview-note", "text": "x"}, 422, "missing-field", "person"},
		"called twice":               {rut, path, whom(anna, "share", uuid.NewString(), "kind", "interview-note", "text", "x"), 422, "invalid-field", "share"},
		"no share's id":              {rut, path, map[string]any{"share": "x", "kind": "interview-note", "text": "x"}, 422, "invalid-field", "share"},
		"who has not applied":        {rut, path, whom(bo, "kind", "interview-note", "text", "x"), 422, "unknown-person", ""},
		"a share elsewhere":          {rut, path, map[string]any{"share": uuid.NewString(), "kind": "interview-note", "text": "x"}, 422, "unknown-person", ""},
		"a wrong number":             {rut, path, whom("199001012386", "kind", "interview-note", "text", "x"), 422, "invalid-national-id", "nationalId"},
		"no kind":                    {rut, path, whom(anna, "text", "x"), 422, "missing-field", "kind"},
		"a test without its day":     {rut, path, whom(anna, "kind", "test-result", "result", "x"), 422, "missing-field", "takenAt"},
		"a test of tomorrow":         {rut, path, whom(anna, "kind", "test-result", "result", "x", "takenAt", "2024-04-16"), 422, "invalid-time", "takenAt"},
		"a test of no day":           {rut, path, whom(anna, "kind", "test-result", "result", "x", "takenAt", "2024-02-30"), 422, "invalid-time", "takenAt"},
		"a test without its result":  {rut, path, whom(anna, "kind", "test-result", "takenAt", "2024-04-15"), 422, "missing-field", "result"},
		"a note of a day":            {rut, path, whom(anna, "kind", "interview-note", "text", "x", "takenAt", "2024-04-15"), 422, "invalid-field", "takenAt"},
		"an unknown case":            {rut, "/v1/cases/" + uuid.NewString() + "/papers", whom(anna, "kind", "interview-note", "text", "x"), 404, "not-found", ""},
		"no case's id":               {rut, "/v1/cases/x/papers", whom(anna, "kind", "interview-note", "text", "x"), 404, "not-found", ""},
		"no recruitment":             {rut, "/v1/cases/" + w.opened("AF-1", bo).String() + "/papers", whom(bo, "kind", "interview-note", "text", "x"), 409, "conflict", ""},
		"another authority's":        {abroad, path, whom(anna, "kind", "interview-note", "text", "x"), 409, "conflict", ""},
		"a direction turned in text": {rut, path, whom(anna, "kind", "interview-note\u202e", "text", "x"), 403, "denied", ""},
	} {
		got := w.ask(c.by, http.MethodPost, c.path, "", c.body)
		if got.Status != c.status || got.Reason != c.reason || got.Field != c.field || strings.Contains(got.body, "kanarie") {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	w.closed("R-1", "2024-04-15")
	w.clock.set(t, "2024-04-15T09:01:00+02:00")
	if got := w.ask(rut, http.MethodPost, path, "", whom(anna, "kind", "interview-note", "text", "x")); got.Status != http.StatusConflict {
		t.Errorf("a closed recruitment: %d %s", got.Status, got.body)
	}
	if n := w.count(`SELECT count(*) FROM note`); n != before {
		t.Errorf("%d papers are stored", n-before)
	}
}

// AFG-43
func TestATestIsReusedThroughTheLastDayOfItsTimeAndTheCopyGoesWithTheNewCase(t *testing.T) {
	w := newWorld(t, "2024-03-31T15:00:00+02:00")
	old := w.recruitment("R-1")
	w.ok(w.applies(old, anna))
	w.ok(w.applies(old, bo))
	paper := w.ok(w.ask(company("Aon Assessment Solutions"), http.MethodPost, "/v1/cases/"+old.String()+"/papers", "",
		whom(anna, "kind", "test-result", "takenAt", "2024-03-31", "result", "kanarie 61 of 80"))).ID
	note := w.ok(w.ask(rut, http.MethodPost, "/v1/cases/"+old.String()+"/papers", "", whom(anna, "kind", "interview-note", "text", "calm"))).ID
	w.closed("R-1", "2024-05-31")
	w.clock.set(t, "2024-09-30T23:59:59+02:00")
	next, third := w.recruitment("R-2"), w.recruitment("R-3")
	reuse := func(by bearer.Claims, into, test uuid.UUID, number string) answer {
		t.Helper()
		return w.ask(by, http.MethodPost, fmt.Sprintf("/v1/cases/%s/papers/%s/reuse", into, test), "", whom(number))
	}
	if got := reuse(rut, next, paper, anna); got.Reason != "unknown-person" {
		t.Errorf("before applying: %d %s", got.Status, got.body)
	}
	for _, into := range []uuid.UUID{next, third} {
		w.ok(w.applies(into, anna))
		w.ok(w.applies(into, bo))
	}
	for name, c := range map[string]struct {
		got    answer
		status int
		reason string
	}{
		"somebody else's":        {reuse(rut, next, paper, bo), 422, "invalid-field"},
		"what is no test":        {reuse(rut, next, note, anna), 409, "conflict"},
		"a paper there is not":   {reuse(rut, next, uuid.New(), anna), 404, "not-found"},
		"a case there is not":    {reuse(rut, uuid.New(), paper, anna), 404, "not-found"},
		"into its own case":      {reuse(rut, old, paper, anna), 422, "invalid-field"},
		"by who tests":           {reuse(company("Aon Assessment Solutions"), next, paper, anna), 403, "forbidden"},
		"by who does not employ": {reuse(officer("olle", "case-officer"), next, paper, anna), 403, "forbidden"},
	} {
		if c.got.Status != c.status || c.got.Reason != c.reason {
			t.Errorf("%s: %d %s", name, c.got.Status, c.got.body)
		}
	}
	copied := w.ok(reuse(rut, next, paper, anna))
	again := w.ok(reuse(rut, next, paper, anna))
	if copied.ID == paper || again.ID != copied.ID || !again.Duplicate {
		t.Errorf("%s, again %s", copied.body, again.body)
	}
	var v struct {
		noteView
		TakenOn string
		Reuses  uuid.UUID
	}
	w.must(json.Unmarshal([]byte(w.ok(w.as(rut, "recruitment", "/v1/notes/"+copied.ID.String())).body), &v))
	if v.Case != next || v.Reuses != paper || v.TakenOn != "2024-03-31" || v.Text != "kanarie 61 of 80" {
		t.Errorf("%+v", v)
	}
	w.clock.set(t, "2024-10-01T00:00:00+02:00")
	for name, test := range map[string]uuid.UUID{"the test": paper, "a copy of it": copied.ID} {
		if got := reuse(rut, third, test, anna); got.Status != http.StatusConflict || got.rule() != "AFG-43" {
			t.Errorf("%s the day after: %d %s", name, got.Status, got.body)
		}
	}
	if got := w.ok(reuse(rut, next, paper, anna)); got.ID != copied.ID {
		t.Errorf("what was reused in time is asked for again: %s", got.body)
	}
	w.clock.set(t, "2026-06-01T00:00:00+02:00")
	if got := w.as(rut, "recruitment", "/v1/notes/"+paper.String()); got.Status != http.StatusGone {
		t.Errorf("the test answers %d", got.Status)
	}
	if got := w.as(rut, "recruitment", "/v1/notes/"+copied.ID.String()); got.Status != http.StatusOK {
		t.Errorf("the copy answers %d", got.Status)
	}
}

// AFG-44, AFG-45
func TestPapersGoToFourCompaniesEachItsOwnKindAndNoFurther(t *testing.T) {
	w := newWorld(t, "2024-04-15T09:00:00+02:00")
	caseID := w.recruitment("R-1")
	w.ok(w.applies(caseID, anna))
	path := "/v1/cases/" + caseID.String() + "/transfers"
	to := func(processor, kind string) map[string]any { return whom(anna, "processor", processor, "kind", kind) }
	for name, c := range map[string]struct {
		by     bearer.Claims
		body   map[string]any
		status int
		rule   string
	}{
		"Varbi asks":                       {company("Varbi"), to("Varbi", "application"), 201, ""},
		"Aon is sent it":                   {rut, to("Aon Assessment Solutions", "test-result"), 201, ""},
		"Refapp asks":                      {company("Refapp"), to("Refapp", "reference"), 201, ""},
		"Realcruit is sent it":             {rut, to("Realcruit", "experience"), 201, ""},
		"Refapp asks for a test":           {company("Refapp"), to("Refapp", "test-result"), 403, "AFG-44"},
		"Varbi is sent a test":             {rut, to("Varbi", "test-result"), 403, "AFG-44"},
		"a fifth company is sent it":       {rut, to("Femte Firman AB", "application"), 403, "AFG-44"},
		"a fifth company asks":             {company("Femte Firman AB"), to("Femte Firman AB", "application"), 403, "AFG-44"},
		"a fifth company asks for another": {company("Femte Firman AB"), to("Varbi", "application"), 403, "AFG-44"},
		"who does not recruit":             {officer("olle", "case-officer"), to("Varbi", "application"), 403, "L-05"},
		"who carries the chat":             {company("Telia"), to("Telia", "application"), 403, "AFG-44"},
	} {
		if got := w.ask(c.by, http.MethodPost, path, "", c.body); got.Status != c.status || got.rule() != c.rule {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	if n := w.count(`SELECT count(*) FROM transfer`); n != 4 || w.sent(events.TypeTransferMade) != 4 || w.sent(events.TypeAlarmRaised) != 0 {
		t.Errorf("%d transfers, %d told of, %d alarms", n, w.sent(events.TypeTransferMade), w.sent(events.TypeAlarmRaised))
	}
	for n, third := range []string{"Annan Firma AB", "Refapp"} {
		got := w.ask(company("Varbi"), http.MethodPost, path, "", to(third, "application"))
		if got.Status != http.StatusForbidden || got.rule() != "AFG-45" {
			t.Errorf("Varbi passes it on: %d %s", got.Status, got.body)
		}
		if raised := said[events.AlarmRaised](w, events.TypeAlarmRaised); len(raised) != n+1 || raised[n].Name != "onward-transfer" {
			t.Errorf("alarms %+v", raised)
		}
	}
	for name, c := range map[string]struct {
		path   string
		body   map[string]any
		status int
		reason string
	}{
		"who has not applied": {path, whom(bo, "processor", "Varbi", "kind", "application"), 422, "unknown-person"},
		"an unknown case":     {"/v1/cases/" + uuid.NewString() + "/transfers", to("Varbi", "application"), 404, "not-found"},
		"no processor":        {path, whom(anna, "kind", "application"), 422, "missing-field"},
		"no kind":             {path, whom(anna, "processor", "Varbi"), 422, "missing-field"},
		"a stranger":          {path, whom(anna, "processor", "Varbi", "kind", "application", "mood", "x"), 422, "unknown-field"},
	} {
		if got := w.ask(company("Varbi"), http.MethodPost, c.path, "", c.body); got.Status != c.status || got.Reason != c.reason {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
	w.closed("R-1", "2024-04-15")
	if got := w.ask(company("Varbi"), http.MethodPost, path, "", to("Varbi", "application")); got.Status != http.StatusConflict {
		t.Errorf("after the end: %d %s", got.Status, got.body)
	}
}

func TestTheSameApplicationAndReuseAtOnceMakeOnePaperEach(t *testing.T) {
	w := newWorld(t, "2024-04-15T09:00:00+02:00")
	old, next := w.recruitment("R-1"), w.recruitment("R-2")
	w.ok(w.applies(old, anna))
	test := w.ok(w.ask(rut, http.MethodPost, "/v1/cases/"+old.String()+"/papers", "", whom(anna, "kind", "test-result", "takenAt", "2024-04-15", "result", "x"))).ID
	atOnce := func(do func(here *world) answer) map[uuid.UUID]bool {
		var all sync.WaitGroup
		answers := make(chan uuid.UUID, 6)
		for range 6 {
			here := *w
			all.Go(func() { answers <- do(&here).ID })
		}
		all.Wait()
		close(answers)
		ids := map[uuid.UUID]bool{}
		for id := range answers {
			ids[id] = true
		}
		return ids
	}
	if ids := atOnce(func(here *world) answer { return here.applies(next, anna) }); len(ids) != 1 || ids[uuid.Nil] {
		t.Errorf("applications %v", ids)
	}
	path := fmt.Sprintf("/v1/cases/%s/papers/%s/reuse", next, test)
	if ids := atOnce(func(here *world) answer { return here.ask(rut, http.MethodPost, path, "", whom(anna)) }); len(ids) != 1 || ids[uuid.Nil] {
		t.Errorf("copies %v", ids)
	}
	if n := w.count(`SELECT count(*) FROM note`); n != 4 || w.sent(events.TypeCaseNoted) != 4 {
		t.Errorf("%d papers, %d told of", n, w.sent(events.TypeCaseNoted))
	}
}

func TestWhoHandledACaseAndWhatWasTransferredIsForgottenWithTheLastOfIt(t *testing.T) {
	w := newWorld(t, "2025-04-02T09:00:00+02:00") // a Wednesday
	caseID := w.recruitment("R-1")
	w.ok(w.applies(caseID, anna))
	w.ok(w.ask(company("Varbi"), http.MethodPost, "/v1/cases/"+caseID.String()+"/transfers", "", whom(anna, "processor", "Varbi", "kind", "application")))
	w.closed("R-1", "2025-04-02")
	var shares []uuid.UUID
	for _, e := range said[events.CaseClosed](w, events.TypeCaseClosed) {
		shares = append(shares, e.Share)
	}
	left := func(when string, officers, transfers int) {
		t.Helper()
		if o, n := w.count(`SELECT count(*) FROM case_officer`), w.count(`SELECT count(*) FROM transfer`); o != officers || n != transfers {
			t.Errorf("%s: %d officers and %d transfers are kept, expected %d and %d", when, o, n, officers, transfers)
		}
	}
	left("before", 1, 1)
	w.clock.set(t, "2027-04-03T00:00:00+02:00")
	w.due("AFG-42", "2027-04-03", shares...)
	w.until("the recruitment is gone", func() bool { return len(w.disposed()) == 2 })
	left("after the recruitment", 0, 0)

	w.clock.set(t, "2027-04-07T09:00:00+02:00") // a Wednesday again
	w.actFor(sthlm)
	w.enrol(anna, "Anna Kanarie")
	job := w.opened("S-1", anna)
	w.write(job, "draft")
	share, drafts := w.share(), w.unitOf(job, "case.draft")
	w.closed("S-1", "2027-04-07")
	w.clock.set(t, "2027-04-08T00:00:00+02:00")
	w.due("STH-17", "2027-04-08", share)
	w.until("the share is gone", func() bool { return len(w.disposed()) == 3 })
	left("while a draft is left", 1, 0)
	w.clock.set(t, "2027-04-12T00:00:00+02:00")
	w.due("STH-19", "2027-04-12", drafts)
	w.until("the draft is gone", func() bool { return len(w.disposed()) == 4 })
	left("after the last draft", 0, 0)
}
