package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gallra.se/libs/problem"
)

const (
	anna     = "3c1b4c84-0e0f-4b0e-9c68-0d2f0a54c101"
	bertil   = "3c1b4c84-0e0f-4b0e-9c68-0d2f0a54c102"
	casefile = "7a6b0f52-41d2-4a43-9d0a-2f0a54c1b700"
	number   = "19980980-2397" // no such person can be
)

type (
	m = map[string]any
	l = []any
)

// busy is an office with a person, a case and two notes.
func busy(t *testing.T) *office {
	t.Helper()
	o := openOffice(t)
	o.services.say("POST /v1/persons/search", m{"persons": l{m{"id": anna, "name": "Anna \u202eTest"}, m{"id": bertil, "name": "x", "masked": true}}, "count": 2})
	o.services.say("GET /v1/persons/"+anna, m{"id": anna, "nationalId": number, "fields": m{"name": "Anna <Test>", "address": "Provgatan 2"}, "registeredOn": "2025-01-10"})
	o.services.say("GET /v1/persons/"+anna+"/cases", m{"cases": l{
		m{"id": casefile, "number": "A-1", "type": "job-seeking", "openedAt": "2025-01-10T08:00:00Z", "assigned": true},
		m{"id": note, "number": "A-2", "type": "benefit", "openedAt": "2025-02-10T08:00:00Z", "closedOn": "2025-03-01", "dueAt": "2028-02-29T23:00:00Z"}}})
	o.services.say("GET /v1/cases/"+casefile, m{"id": casefile, "record": casefile, "number": "A-1", "type": "job-seeking", "openedAt": "2025-01-10T08:00:00Z",
		"persons": l{anna, bertil}, "notes": l{note, anna}})
	o.services.say("GET /v1/notes/"+note, m{"id": note, "category": "case.note", "notedAt": "2025-04-01T10:00:00Z", "text": "Agreed on a course.", "author": "karin",
		"segments": m{bertil: "Only about Bertil."}})
	o.services.say("GET /v1/retention/"+note, m{"state": "running", "due": "2027-05-01", "rule": "AFC-13"})
	o.services.say("GET /v1/persons/"+anna+"/access-log", m{"entries": l{
		m{"id": "1", "at": "2025-04-01T10:00:00Z", "who": "karin", "role": "case-officer", "purpose": purposeOf(o), "action": "read", "category": "case.note", "outcome": "allowed"},
		m{"id": "2", "at": "2025-04-02T01:00:00Z", "who": "omar", "role": "case-officer", "purpose": "x", "action": "read", "category": "person.identity", "outcome": "refused", "signs": l{"night"}}}})
	return o
}

// purposeOf is a purpose that a case officer may read for.
func purposeOf(*office) string { return "case-handling" }

func (s *seat) choose() *seat {
	s.t.Helper()
	if status, body := s.post("/officer/purpose?lang=en", url.Values{"purpose": {purposeOf(s.office)}}); status != 200 {
		s.t.Fatalf("%d %s", status, body)
	}
	return s
}

// AFG-06
func TestNothingIsReadBeforeAPurposeIsChosenAndEveryReadingCarriesIt(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin)
	for _, path := range []string{"/officer/find", "/officer/persons/" + anna, "/officer/cases/" + casefile, "/officer/access-log/" + anna} {
		if _, body := s.open(path); !strings.Contains(body, "What are you about to do?") || !strings.Contains(body, `name="to" value="`+path+`"`) {
			t.Errorf("%s does not ask for a purpose", path)
		}
	}
	if status, _ := s.post("/officer/purpose", url.Values{"purpose": {"curiosity"}}); status != http.StatusBadRequest {
		t.Errorf("a purpose of the officer's own: %d", status)
	}
	if len(o.services.asked) != 0 {
		t.Fatalf("services were asked %v", o.services.asked)
	}
	if status, body := s.post("/officer/purpose?lang=en", url.Values{"purpose": {purposeOf(o)}, "to": {"/officer/persons/" + anna}}); status != 200 || !strings.Contains(body, number) {
		t.Fatalf("%d %s", status, body)
	}
	for _, a := range o.services.asked {
		if a.purpose != purposeOf(o) || a.who.Name != "karin" || a.who.Authority != "arbetsformedlingen" || !a.who.Undertaking || !a.who.Trained || a.who.Appointed ||
			a.who.FamilyName != "Ek" || a.who.Street != "Provgatan 1" {
			t.Errorf("%+v", a)
		}
	}
}

func TestAPersonIsFoundByANumberThatNoAddressHolds(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	resp, body := s.do("POST", "/officer/find?lang=en", url.Values{"nationalId": {" " + number + " "}, "purpose": {purposeOf(o)}}, nil)
	if got := o.services.last(); resp.StatusCode != 200 || got.body != `{"nationalId":"`+number+`"}` || got.purpose != purposeOf(o) {
		t.Fatalf("%d %+v", resp.StatusCode, got)
	}
	for _, want := range []string{`href="/officer/persons/` + anna + `?lang=en"`, "<bdi>Anna \u202eTest</bdi>", "Protected identity"} {
		if !strings.Contains(body, want) {
			t.Errorf("not %q", want)
		}
	}
	if strings.Contains(resp.Request.URL.String()+body, number) || resp.Header.Get("Cache-Control") != "no-store" {
		t.Error("the number is shown again, or kept")
	}
	for name, row := range map[string]struct {
		form url.Values
		says string
	}{
		"nothing":    {url.Values{"purpose": {purposeOf(o)}}, "and not both"},
		"both":       {url.Values{"purpose": {purposeOf(o)}, "nationalId": {"1"}, "caseNumber": {"2"}}, "and not both"},
		"no purpose": {url.Values{"nationalId": {"1"}}, "Choose a purpose"},
		"another's":  {url.Values{"nationalId": {"1"}, "purpose": {"statistics"}}, "Choose a purpose"},
	} {
		before := len(o.services.asked)
		if status, body := s.post("/officer/find?lang=en", row.form); status != http.StatusBadRequest || !strings.Contains(body, row.says) || len(o.services.asked) != before {
			t.Errorf("%s: %d", name, status)
		}
	}
	o.services.say("POST /v1/persons/search", m{"persons": l{}, "count": 0})
	if _, body := s.post("/officer/find?lang=en", url.Values{"caseNumber": {"A-1"}, "purpose": {purposeOf(o)}}); !strings.Contains(body, "Nobody is found.") {
		t.Error("nobody")
	}
	o.services.say("POST /v1/persons/search", problem.OnField("invalid-national-id", "nationalId"))
	if status, body := s.post("/officer/find?lang=en", url.Values{"nationalId": {"<script>"}, "purpose": {purposeOf(o)}}); status != 422 || !strings.Contains(body, "no personal number") || strings.Contains(body, "<script") {
		t.Errorf("%d", status)
	}
}

func TestAPersonsPageShowsFieldsDatesAndCases(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	_, body := s.open("/officer/persons/" + anna + "?lang=en")
	for _, want := range []string{number, "<bdi>Anna &lt;Test&gt;</bdi>", "Provgatan 2", "2025-01-10", "A-1", "job-seeking", "open", "closed 2025-03-01", "2028-03-01", "/officer/access-log/" + anna} {
		if !strings.Contains(body, want) {
			t.Errorf("not %q", want)
		}
	}
	if strings.Index(body, "A-2") > strings.Index(body, "A-1") {
		t.Error("the newest case is not first")
	}
	o.services.say("GET /v1/persons/"+anna+"/cases", problem.Unavailable(0))
	if _, body := s.open("/officer/persons/" + anna + "?lang=en"); !strings.Contains(body, "could not be read") || strings.Contains(body, ">none<") && !strings.Contains(body, "Deregistered") {
		t.Error("cases that are not known look like none")
	}
}

func TestACasesPageShowsNotesWithTheirAuthorTimeAndEnd(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	status, body := s.open("/officer/cases/" + casefile + "?lang=en")
	for _, want := range []string{"Case A-1", "Agreed on a course.", "Only about Bertil.", "karin", "2025-04-01 12:00", "2027-05-01", "AFC-13", "1 notes cannot be shown to you", `name="about" value="` + bertil} {
		if !strings.Contains(body, want) {
			t.Errorf("%d: not %q", status, want)
		}
	}
	o.services.say("GET /v1/retention/"+note, problem.New("forbidden"))
	if _, body := s.open("/officer/cases/" + casefile + "?lang=en"); !strings.Contains(body, "Until when it is kept is not known yet.") {
		t.Error("an end that is not known looks like none")
	}
}

// AFC-08, L-17
func TestANoteIsWrittenOnceAndShownAtTheCasesOwnAddress(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	o.services.say("POST /v1/cases/"+casefile+"/notes", m{"note": note})
	resp, body := s.do("POST", "/officer/cases/"+casefile+"?lang=en", url.Values{"text": {" Will call\r\nback. "}, "relevance": {"follow-up"}, "about": {anna}, "kind": {"draft"}}, nil)
	if resp.Request.Method != "GET" || resp.Request.URL.Path != "/officer/cases/"+casefile || !strings.Contains(body, "The note is written.") {
		t.Errorf("%s %s %d", resp.Request.Method, resp.Request.URL, resp.StatusCode)
	}
	written := ""
	for _, a := range o.services.asked {
		if strings.HasPrefix(a.what, "POST") {
			written += a.body
		}
	}
	if written != `{"text":"Will call\nback.","relevance":"follow-up","draft":true,"about":["`+anna+`"]}` {
		t.Error(written)
	}
	for name, row := range map[string]struct {
		form   url.Values
		answer any
		says   string
		status int
	}{
		"no text":   {url.Values{"relevance": {"decision"}}, m{}, "needs a text", 400},
		"no reason": {url.Values{"text": {"Kept words"}, "relevance": {"gossip"}}, m{}, "Say why", 400},
		"refused":   {url.Values{"text": {"Kept words"}, "relevance": {"decision"}}, problem.ByRule("denied", "AFG-17"), "(AFG-17)", 403},
		"too long":  {url.Values{"text": {"Kept words"}, "relevance": {"decision"}}, problem.OnField("invalid-text", "text"), "too long", 422},
	} {
		o.services.say("POST /v1/cases/"+casefile+"/notes", row.answer)
		status, body := s.post("/officer/cases/"+casefile+"?lang=en", row.form)
		if status != row.status || !strings.Contains(body, row.says) || row.form.Has("text") && !strings.Contains(body, "Kept words</textarea>") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

// AFG-08, AFG-10: nobody can tell a protected person from one who does not exist.
func TestSomebodyWhoMayNotBeSeenHasThePageOfNobody(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	o.services.say("GET /v1/persons/"+bertil, problem.New("not-found")) // as for a protected person
	page := func(id string) string {
		status, body := s.open("/officer/persons/" + id + "?lang=en")
		if status != 404 {
			t.Errorf("%s: %d", id, status)
		}
		return strings.ReplaceAll(body, id, "ID")
	}
	protected := page(bertil)
	for _, id := range []string{"3c1b4c84-0e0f-4b0e-9c68-0d2f0a54c1ff", note} {
		if page(id) != protected {
			t.Errorf("%s has another page", id)
		}
	}
	for _, id := range []string{"x", "%2e%2e%2fcases", strings.ToUpper(anna) + "0", "{" + anna + "}"} {
		before := len(o.services.asked)
		if status, _ := s.open("/officer/persons/" + id); status != 404 || len(o.services.asked) != before {
			t.Errorf("%s: %d, asked %v", id, status, o.services.asked[before:])
		}
	}
}

func TestEveryRefusalIsAPageInWords(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	for _, row := range []struct {
		said   problem.Problem
		status int
		en, sv string
	}{
		{problem.New("gone"), 410, "It was here", "gallrats"},
		{problem.ByRule("forbidden", "L-05"), 403, "L-05", "Din roll"},
		{problem.ByRule("forbidden", "STH-21"), 403, "STH-21", "STH-21"},
		{problem.New("forbidden"), 403, "Your role", "Din roll"},
		{problem.Unavailable(0), 503, "does not answer", "svarar inte"},
		{problem.New("internal"), 503, "does not answer", "svarar inte"},
	} {
		o.services.say("GET /v1/persons/"+anna, row.said)
		for lang, want := range map[string]string{"en": row.en, "sv": row.sv} {
			if status, body := s.open("/officer/persons/" + anna + "?lang=" + lang); status != row.status || !strings.Contains(body, want) {
				t.Errorf("%s %s: %d %s", row.said.Reason, lang, status, body)
			}
		}
	}
	if status, _ := s.open("/officer/elsewhere"); status != 404 {
		t.Errorf("an unknown page: %d", status)
	}
}

// TES-04, KSC-24
func TestWhoHasNoUndertakingIsToldAndTheServicesToo(t *testing.T) {
	t.Parallel()
	o := busy(t)
	for name, claims := range map[string]map[string]any{
		"none": with(karin, m{"gallra_undertaking": nil}), "over": with(karin, m{"gallra_undertaking": "2025-04-29"}),
	} {
		s := o.loggedIn(claims)
		if _, body := s.open("/officer?lang=en"); !strings.Contains(body, "no confidentiality undertaking in force") {
			t.Errorf("%s: not told", name)
		}
		s.choose().open("/officer/persons/" + anna)
		if got := o.services.last(); got.who.Undertaking {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if _, body := o.loggedIn(with(karin, m{"gallra_trained": false})).open("/officer?lang=en"); !strings.Contains(body, "have not had the training") {
		t.Error("training")
	}
}

// AFG-10
func TestProtectedIdentitiesAreForTheAppointed(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	unknown, _ := s.open("/officer/elsewhere")
	before := len(o.services.asked)
	for _, path := range []string{"mark", "lift", "plan"} {
		if status, _ := s.post("/officer/protections/"+path, url.Values{"nationalId": {number}, "person": {anna}}); status != unknown {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, body := s.open("/officer/protections"); status != unknown || strings.Contains(body, `<a href="/officer/protections`) || len(o.services.asked) != before {
		t.Errorf("%d", status)
	}

	per := o.loggedIn(appointed).choose()
	o.services.say("POST /v1/protections", m{"person": anna})
	if status, body := per.post("/officer/protections/mark?lang=en", url.Values{"nationalId": {number}, "level": {"marker"}}); status != 200 || !strings.Contains(body, "Marked as protected:") || !strings.Contains(body, anna) {
		t.Errorf("mark: %d %s", status, body)
	}
	if got := o.services.sent(); !got.who.Appointed || got.body != `{"level":"marker","nationalId":"`+number+`"}` {
		t.Errorf("%+v", got)
	}
	o.services.say("PUT /v1/protections/"+anna+"/plans/SE-FK", m{})
	o.services.say("GET /v1/protections/"+anna, m{"person": anna, "level": "marker", "since": "2025-04-30T12:00:00Z", "plans": m{"SE-FK": l{"name"}}})
	if status, body := per.post("/officer/protections/plan?lang=en", url.Values{"person": {anna}, "recipient": {"SE-FK"}, "fields": {"name", "address"}}); status != 200 || !strings.Contains(body, "The plan is set") || !strings.Contains(body, "confidentiality marker") || !strings.Contains(body, "<dt>SE-FK</dt><dd>Name</dd>") {
		t.Errorf("plan: %d %s", status, body)
	}
	if got := o.services.sent(); got.body != `{"fields":["name","address"]}` {
		t.Errorf("%+v", got)
	}
	o.services.say("DELETE /v1/protections/"+anna, m{})
	if status, body := per.post("/officer/protections/lift?lang=en", url.Values{"person": {anna}}); status != 200 || !strings.Contains(body, "No longer protected") {
		t.Errorf("lift: %d", status)
	}
	asked := len(o.services.asked)
	for name, form := range map[string]url.Values{"a path": {"person": {anna}, "recipient": {"../../x"}}, "nobody": {"person": {"x"}, "recipient": {"SE-FK"}}} {
		if status, _ := per.post("/officer/protections/plan", form); status < 400 || len(o.services.asked) != asked {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// L-06
func TestTheAccessLogSaysWhoLookedAndTheReviewWhatToNotice(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	_, body := s.open("/officer/access-log/" + anna + "?lang=en")
	for _, want := range []string{"karin", "omar", "at night", "refused", "2025-04-02 03:00"} {
		if !strings.Contains(body, want) {
			t.Errorf("not %q", want)
		}
	}
	if strings.Index(body, "omar") > strings.Index(body, "karin") {
		t.Error("the newest is not first")
	}
	hours := make([]int, 168)
	hours[3], hours[30] = 8, 2
	o.services.say("GET /v1/access-review?week=2025-W18", m{"week": "2025-W18", "officers": l{m{"who": "karin", "reads": 2}, m{"who": "omar", "reads": 8, "persons": 8, "night": 8, "sameName": 1, "signs": l{"night", "same-name"}}},
		"hours": hours, "signs": l{"night"}})
	dpo := o.loggedIn(eva)
	if status, body := dpo.post("/officer/purpose?lang=en", url.Values{"purpose": {reviewPurpose(t, dpo)}, "to": {"/officer/review"}}); status != 200 || !strings.Contains(body, "2025-W18") {
		t.Fatalf("%d %s", status, body)
	}
	_, body = dpo.open("/officer/review?lang=en")
	for _, want := range []string{`class="shade4" x="116" y="20"`, `class="shade1" x="188" y="44"`, "at night, same family name", "2025-W17", "2025-W19", "busiest hour: 8", "The same as a table"} {
		if !strings.Contains(body, want) {
			t.Errorf("not %q", want)
		}
	}
	if strings.Index(body, "omar") > strings.Index(body, "karin") {
		t.Error("who is to be noticed is not first")
	}
	if dpo.open("/officer/review?week=../../x"); o.services.last().what != "GET /v1/access-review?week=2025-W18" {
		t.Error(o.services.last().what)
	}
}

// reviewPurpose is the first purpose that the officer is offered.
func reviewPurpose(t *testing.T, s *seat) string {
	t.Helper()
	_, body := s.open("/officer?lang=en")
	_, rest, _ := strings.Cut(body, `<option value="">`)
	_, rest, found := strings.Cut(rest, `<option value="`)
	if !found {
		t.Fatalf("no purpose is offered: %s", body)
	}
	purpose, _, _ := strings.Cut(rest, `"`)
	return purpose
}

func TestNoOfficersPageNeedsAScriptOrIsKeptAndTheLogIsSilentAboutPersons(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(appointed).choose()
	for _, path := range []string{"/officer", "/officer/find", "/officer/persons/" + anna, "/officer/cases/" + casefile, "/officer/access-log/" + anna, "/officer/protections", "/officer/x"} {
		for _, lang := range []string{"sv", "en"} {
			resp, body := s.do("GET", path+"?lang="+lang, nil, nil)
			if resp.Header.Get("Cache-Control") != "no-store" || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "form-action 'self'") || resp.Header.Get("Referrer-Policy") != "same-origin" {
				t.Errorf("%s: %v", path, resp.Header)
			}
			if strings.Contains(body, "<script") || strings.Contains(body, "style=") || strings.Contains(body, "onclick") || !strings.Contains(body, `<html lang="`+lang+`">`) {
				t.Errorf("%s needs what its policy forbids", path)
			}
			if n := strings.Count(body, `aria-current="page"`); n > 1 {
				t.Errorf("%s is %d places", path, n)
			}
		}
	}
	o.services.Close()
	s.open("/officer/persons/" + anna)
	for _, never := range []string{number, "Anna", "Karin", "Provgatan", anna} {
		if strings.Contains(o.log.String(), never) {
			t.Errorf("the log holds %q: %s", never, o.log)
		}
	}
}

func TestAFormThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	o := busy(t)
	s := o.loggedIn(karin).choose()
	before := len(o.services.asked)
	if status, _ := s.post("/officer/cases/"+casefile, url.Values{"text": {strings.Repeat("x", 300<<10)}}); status != http.StatusBadRequest || len(o.services.asked) != before {
		t.Errorf("%d", status)
	}
	if status, _ := s.post("/officer/find", url.Values{"nationalId": {fmt.Sprintf("%0300d", 1)}, "caseNumber": {"x"}}); status != http.StatusBadRequest {
		t.Errorf("%d", status)
	}
}
