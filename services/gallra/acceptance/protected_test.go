package acceptance

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/scenario"
)

// asking is one way to ask by a route. What is asked about stands as $person, $case, $note, $contact, $number, $caseNumber;
// $id is new in each request. One that names none of them is a list.
type asking struct {
	path string
	body string
	// apart says why the answer is not compared although it is a list.
	apart string
}

const lineHead = `"id":"$id","at":"2024-01-09T09:00:00+01:00","authority":"arbetsformedlingen"`

// askings is how each route is asked. A route that is not here fails the test: whoever adds one says how it names persons, or
// what they have.
var askings = map[string][]asking{
	"POST /v1/contacts": {{path: "/v1/contacts", body: `{` + lineHead + `,"kind":"contact","channel":"phone","identified":true,` +
		`"endedAt":"2024-01-09T08:55:00+01:00","line":"0771-416416","fields":{"phoneNumber":"070-1740605","nationalId":"$number","name":"Anna Prov"}}`}},
	"GET /v1/contacts/{id}":            {{path: "/v1/contacts/$contact"}},
	"DELETE /v1/contacts/{id}/consent": {{path: "/v1/contacts/$contact/consent"}},
	"POST /v1/contacts/{id}/note": {
		{path: "/v1/contacts/$contact/note", body: `{"at":"2024-01-09T09:00:00+01:00","case":"$caseNumber","text":"prov","relevant":true}`},
		{path: "/v1/contacts/$contact/note", body: `{"at":"2024-01-09T09:00:00+01:00","case":"$caseNumber","text":"prov","relevant":false}`}},
	"POST /v1/chatbot/sessions/{session}/ask": {{path: "/v1/chatbot/sessions/$person/ask", body: `{"text":"prov"}`}},
	"DELETE /v1/chatbot/sessions/{session}":   {{path: "/v1/chatbot/sessions/$person"}},
	"POST /v1/web/views":                      {{path: "/v1/web/views", body: `{"page":"/$person"}`}},
	"GET /v1/web/views":                       {{path: "/v1/web/views"}},
	"POST /v1/logins":                         {{path: "/v1/logins", body: `{"id":"$id","authority":"arbetsformedlingen","nationalId":"$number"}`}},
	"POST /v1/mail": {{path: "/v1/mail", body: `{"id":"$id","person":{"nationalId":"$number","name":"Anna Prov"},"encrypted":false,` +
		`"about":"case","text":"prov"}`}},
	"POST /v1/recordings":                     {{path: "/v1/recordings", body: `{"id":"$id","call":"$id","line":"national","person":{"nationalId":"$number"}}`}},
	"POST /v1/recordings/calls/{call}/notice": {{path: "/v1/recordings/calls/$id/notice", body: `{"line":"national"}`}},
	"GET /v1/recordings/{id}":                 {{path: "/v1/recordings/$contact"}},
	"GET /v1/recordings/{id}/audio":           {{path: "/v1/recordings/$contact/audio"}},
	"PUT /v1/recordings/{id}/audio":           {{path: "/v1/recordings/$contact/audio", body: `{}`}},
	"POST /v1/recordings/{id}/stop":           {{path: "/v1/recordings/$contact/stop", body: `{"offset":"00:01:00"}`}},
	"POST /v1/recordings/{id}/transfer":       {{path: "/v1/recordings/$contact/transfer", body: `{"line":"national"}`}},
	"POST /v1/recordings/{id}/extension":      {{path: "/v1/recordings/$contact/extension", body: `{"reason":"complaint","until":"2024-06-01"}`}},
	"DELETE /v1/recordings/{id}/extension":    {{path: "/v1/recordings/$contact/extension"}},
	"POST /v1/recordings/extensions":          {{path: "/v1/recordings/extensions", body: `{"recordings":["$contact"],"reason":"complaint"}`}},
	"POST /v1/recordings/{id}/listening":      {{path: "/v1/recordings/$contact/listening", body: `{"place":"office","identityProven":true}`}},
	"POST /v1/complaints":                     {{path: "/v1/complaints", body: `{"recording":"$contact","reason":"prov"}`}},
	"GET /v1/complaints/{id}":                 {{path: "/v1/complaints/$contact"}},
	"POST /v1/complaints/{id}/close":          {{path: "/v1/complaints/$contact/close", body: `{"reason":"prov"}`}},
	"POST /v1/groups":                         {{path: "/v1/groups", body: `{"id":"$id","name":"prov","start":"2024-02-01","end":"2024-03-01"}`}},
	"GET /v1/groups/{id}":                     {{path: "/v1/groups/$contact"}},
	"POST /v1/groups/{id}/end":                {{path: "/v1/groups/$contact/end", body: `{"end":"2024-03-01"}`}},
	"POST /v1/groups/{id}/move":               {{path: "/v1/groups/$contact/move", body: `{"end":"2024-03-01"}`}},
	"POST /v1/groups/{id}/participants": {{path: "/v1/groups/$contact/participants",
		body: `{"id":"$id","person":{"nationalId":"$number","name":"Anna Prov"}}`}},
	"GET /v1/groups/{id}/participants/{participant}":    {{path: "/v1/groups/$contact/participants/$contact"}},
	"DELETE /v1/groups/{id}/participants/{participant}": {{path: "/v1/groups/$contact/participants/$contact"}},
	"POST /v1/feeds": {{path: "/v1/feeds", body: `{"id":"$id","source":"SE-SKV","person":{"nationalId":"$number"},` +
		`"fields":{"name":"Anna Prov"},"at":"2024-01-09T09:00:00+01:00"}`}},
	"POST /v1/invoices": {{path: "/v1/invoices", body: `{"id":"$id","supplier":{"name":"Prov AB","orgNumber":"$number"},` +
		`"at":"2024-01-09T09:00:00+01:00"}`}},
	"POST /v1/campaigns": {{path: "/v1/campaigns", body: `{"id":"$id","name":"prov","inputs":["municipality"],` +
		`"recipients":[{"nationalId":"$number"}]}`}},
	"POST /v1/campaigns/objections":        {{path: "/v1/campaigns/objections", body: `{"id":"$id","nationalId":"$number"}`}},
	"DELETE /v1/campaigns/objections/{id}": {{path: "/v1/campaigns/objections/$contact"}},
	"POST /v1/processors":                  {{path: "/v1/processors", body: `{"processor":"$id","secrecy":true,"country":"SE","dedicated":true}`}},
	"GET /v1/processors":                   {{path: "/v1/processors"}},

	"POST /v1/persons": {
		{path: "/v1/persons", body: `{` + lineHead + `,"kind":"person.deregistered","nationalId":"$number","effective":"2024-01-09","reason":"work"}`},
		{path: "/v1/persons", body: `{` + lineHead + `,"kind":"person.corrected","nationalId":"$number","event":"deregistered","effective":"2024-01-08","reason":"work"}`},
		{path: "/v1/persons", body: `{` + lineHead + `,"kind":"person.registered","person":{"nationalId":"$number","name":"Anna Prov"}}`}},
	"POST /v1/persons/search": {
		{path: "/v1/persons/search", body: `{"nationalId":"$number"}`}, {path: "/v1/persons/search", body: `{"caseNumber":"$caseNumber"}`}},
	"GET /v1/persons/{id}":            {{path: "/v1/persons/$person"}},
	"GET /v1/persons/{id}/cases":      {{path: "/v1/persons/$person/cases"}},
	"GET /v1/persons/{id}/access-log": {{path: "/v1/persons/$person/access-log"}},
	"GET /v1/access-review":           {{path: "/v1/access-review", apart: "it counts what the test itself has read"}},
	"POST /v1/cases": {
		{path: "/v1/cases", body: `{` + lineHead + `,"kind":"case.opened","case":"$id","type":"job-seeking","persons":["$number"]}`},
		{path: "/v1/cases", body: `{` + lineHead + `,"kind":"case.closed","case":"$caseNumber","effective":"2024-01-09","reason":"work"}`},
		{path: "/v1/cases", body: `{` + lineHead + `,"kind":"case.reopened","case":"$caseNumber","effective":"2024-01-09","reason":"work"}`}},
	"GET /v1/cases/{id}":    {{path: "/v1/cases/$case"}},
	"DELETE /v1/cases/{id}": {{path: "/v1/cases/$case"}},
	"POST /v1/cases/{id}/notes": {
		{path: "/v1/cases/$case/notes", body: `{"text":"prov"}`}, {path: "/v1/cases/$case/notes", body: `{"text":"prov","about":["$person"]}`}},
	"POST /v1/cases/{id}/adopt": {
		{path: "/v1/cases/$case/adopt", body: `{"record":"$note","reason":"prov"}`}, {path: "/v1/cases/$otherCase/adopt", body: `{"record":"$note","reason":"prov"}`}},
	"POST /v1/cases/{id}/persons": {{path: "/v1/cases/$case/persons", body: `{"person":{"nationalId":"$number","name":"Anna Prov"}}`}},
	"POST /v1/cases/{id}/papers": {{path: "/v1/cases/$case/papers",
		body: `{"person":{"nationalId":"$number"},"kind":"interview-note","text":"prov"}`}},
	"POST /v1/cases/{id}/papers/{paper}/reuse": {{path: "/v1/cases/$case/papers/$note/reuse", body: `{"person":{"nationalId":"$number"}}`},
		{path: "/v1/cases/$otherCase/papers/$note/reuse", body: `{"person":{"nationalId":"$number"}}`}},
	"POST /v1/cases/{id}/transfers": {{path: "/v1/cases/$case/transfers", body: `{"person":{"nationalId":"$number"},"processor":"Refapp","kind":"reference"}`}},
	"POST /v1/cases/{id}/activity-reports": {{path: "/v1/cases/$case/activity-reports",
		body: `{"at":"2024-01-09T09:00:00+01:00","text":"prov"}`}},
	"PUT /v1/cases/{id}/officers/{account}":          {{path: "/v1/cases/$case/officers/olle", body: `{}`}},
	"DELETE /v1/cases/{id}/officers/{account}":       {{path: "/v1/cases/$case/officers/olle"}},
	"GET /v1/notes/{id}":                             {{path: "/v1/notes/$note"}, {path: "/v1/notes/$note?person=$person"}},
	"DELETE /v1/notes/{id}":                          {{path: "/v1/notes/$note"}},
	"POST /v1/protections":                           {{path: "/v1/protections", body: `{"nationalId":"$number","level":"marker"}`}},
	"GET /v1/protections/{person}":                   {{path: "/v1/protections/$person"}},
	"DELETE /v1/protections/{person}":                {{path: "/v1/protections/$person"}},
	"PUT /v1/protections/{person}/plans/{recipient}": {{path: "/v1/protections/$person/plans/SE-KFM", body: `{"fields":["name"]}`}},

	"GET /v1/retention/{record}": {{path: "/v1/retention/$person"}, {path: "/v1/retention/$caseFile"}, {path: "/v1/retention/$note"}, {path: "/v1/retention/$contact"}},
	"GET /v1/due-calendar":       {{path: "/v1/due-calendar"}},
	"GET /v1/holds":              {{path: "/v1/holds"}},
	"POST /v1/holds": {
		{path: "/v1/holds", body: `{"scope":"record","target":"$note","reason":"complaint"}`},
		{path: "/v1/holds", body: `{"scope":"record","target":"$contact","reason":"complaint"}`},
		{path: "/v1/holds", body: `{"scope":"case","target":"$case","reason":"complaint"}`},
		{path: "/v1/holds", body: `{"scope":"person","target":"$person","reason":"complaint"}`}},
	"DELETE /v1/holds/{id}": {{path: "/v1/holds/$hold"}},
	"GET /v1/erasures":      {{path: "/v1/erasures"}},
	"POST /v1/erasures": {
		{path: "/v1/erasures", body: `{"record":"$note","ground":"unlawful"}`},
		{path: "/v1/erasures", body: `{"record":"$contact","ground":"unlawful"}`},
		{path: "/v1/erasures", body: `{"record":"$caseFile","ground":"unlawful"}`},
		{path: "/v1/erasures", body: `{"case":"$case","ground":"legal-duty"}`},
		{path: "/v1/erasures", body: `{"person":"$person","ground":"unlawful"}`}},
	"GET /v1/alarms":             {{path: "/v1/alarms"}},
	"POST /v1/alarms/{id}/close": {{path: "/v1/alarms/$note/close", body: `{}`}},
	"GET /v1/retention-board":    {{path: "/v1/retention-board"}},
	"GET /v1/reviews":            {{path: "/v1/reviews"}},
	"POST /v1/reviews/approve":   {{path: "/v1/reviews/approve", body: `{"category":"case.file","month":"2026-03","hash":"$id"}`}},
	"GET /v1/policy":             {{path: "/v1/policy"}},
	"POST /v1/policy/plan":       {{path: "/v1/policy/plan", body: `{"files":{}}`}},
	"POST /v1/policy/activate":   {{path: "/v1/policy/activate", body: `{"files":{},"plan":"$id"}`}},

	"POST /v1/disclosures": {{path: "/v1/disclosures", body: `{"recipient":"SE-KFM","authority":"arbetsformedlingen","nationalId":"$number",` +
		`"mode":"direct","fields":["name","registrationDates"],"purpose":"recovery"}`}},
	"GET /v1/disclosures": {{path: "/v1/disclosures?person=$person"}, {path: "/v1/disclosures?disclosure=$disclosure"}, {path: "/v1/disclosures"}},

	"GET /v1/ledger/receipts": {{path: "/v1/ledger/receipts?record=$person"}, {path: "/v1/ledger/receipts?record=$caseFile"},
		{path: "/v1/ledger/receipts?record=$note"}, {path: "/v1/ledger/receipts?record=$contact"}, {path: "/v1/ledger/receipts"}},
	"GET /v1/notices/{authority}":                    {{path: "/v1/notices/arbetsformedlingen"}},
	"GET /v1/notices/{authority}/registers":          {{path: "/v1/notices/arbetsformedlingen/registers"}},
	"GET /v1/notices/{authority}/services/{service}": {{path: "/v1/notices/arbetsformedlingen/services/prov"}},

	"GET /v1/ledger/checkpoint": {{path: "/v1/ledger/checkpoint"}},
	"GET /v1/ledger/key":        {{path: "/v1/ledger/key"}},
	"GET /v1/ledger/consistency": {{path: "/v1/ledger/consistency?from=1"}, {path: "/v1/ledger/consistency?from=$person"},
		{path: "/v1/ledger/consistency?from=1&to=1"}},
	"GET /v1/ledger/tile/{level}/{number...}": {{path: "/v1/ledger/tile/0/000.p/1"}, {path: "/v1/ledger/tile/0/$person"}},
	"GET /v1/ledger/tile/entries/{number...}": {{path: "/v1/ledger/tile/entries/000.p/1"}, {path: "/v1/ledger/tile/entries/$contact"}},
}

// holders are the services behind the gateway whose routes name persons, or what they have.
var holders = []string{"intake", "case-linker", "retention-timer", "disclosure", "ledger"}

var routeForm = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /v1/[^ ]+$`)

// patterns are all routes of the holders, as they stand in their sources.
func patterns(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, service := range holders {
		err := filepath.WalkDir(root+"/services/"+service, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if text, err := strconv.Unquote(l.Value); err == nil && routeForm.MatchString(text) {
						found[text] = true
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// AFG-08, AFG-10: a new route joins the test below by itself, for without a way to ask by it this one fails.
func TestEveryRouteSaysHowItNamesPersons(t *testing.T) {
	t.Parallel()
	all := patterns(t)
	if len(all) < 40 {
		t.Fatalf("only %d routes were found", len(all))
	}
	for _, pattern := range all {
		if len(askings[pattern]) == 0 {
			t.Errorf("%s: nothing says how it names persons, or what they have", pattern)
		}
	}
	for pattern := range askings {
		if !slices.Contains(all, pattern) {
			t.Errorf("%s: there is no such route", pattern)
		}
	}
}

// looker is somebody who is not to know of a protected person.
type looker struct {
	authority, name, purpose string
	roles                    []string
	appointed                bool
}

var lookers = []looker{
	{authority, "case-officer", "case-handling", []string{"case-officer"}, false},
	{authority, "matching-officer", "case-handling", []string{"matching-officer"}, false},
	{authority, "control-officer", "control", []string{"control-officer"}, false},
	{authority, "recruiter", "recruitment", []string{"recruiter"}, false},
	{authority, "dpo", "supervision", []string{"dpo"}, false},
	{authority, "admin", "case-handling", []string{"admin"}, false},
	{authority, "records-manager", "supervision", []string{"records-manager"}, false},
	{authority, "processor", "recruitment", []string{"processor"}, false},
	{authority, "SE-KFM", "", []string{"recipient"}, false},
	{authority, "not appointed", "case-handling", []string{"case-officer", "protected-officer"}, false},
	{authority, "appointed without the role", "case-handling", []string{"case-officer", "dpo"}, true},
	{"te-services", "another authority's", "case-handling", []string{"case-officer", "protected-officer", "dpo"}, true},
}

// hiding is a system with a person in it who becomes protected.
type hiding struct {
	t     *testing.T
	bench scenario.Bench
	names map[string]string // of what is there
	next  int
	over  bool // she is gone, and her number is as new as any
}

func newHiding(t *testing.T) *hiding {
	t.Helper()
	file, err := scenario.Decode("hidden.yaml", []byte(`
format: 1
id: SC-199
title: A person becomes protected
promises: [AFG-10]
authority: arbetsformedlingen
steps:
  - {at: 2024-01-09 10:00, check: {alarms: []}}
`))
	if err != nil {
		t.Fatal(err)
	}
	bench, err := scenario.Own(t.Context(), file, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bench.Close)
	return &hiding{t: t, bench: bench, names: map[string]string{}}
}

func (h *hiding) as(l looker) *client.Client {
	h.t.Helper()
	c, err := h.bench.As(l.authority, l.name, l.roles, l.appointed)
	if err != nil {
		h.t.Fatal(err)
	}
	return c.For(l.purpose)
}

func (h *hiding) reach(at string) {
	h.t.Helper()
	to, err := time.Parse(time.RFC3339, at)
	if err == nil {
		_, err = h.bench.Operator().Advance(h.t.Context(), to)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// number is a test number that nobody has had before.
func (h *hiding) number() string {
	h.next++
	day := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, h.next)
	digits := day.Format("060102") + "990"
	sum := 0
	for i, d := range digits {
		n := int(d - '0')
		if i%2 == 0 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return day.Format("20060102") + "990" + strconv.Itoa((10-sum%10)%10)
}

// somebody is the names of what is hidden.
func (h *hiding) somebody() map[string]string {
	names := maps.Clone(h.names)
	if h.over {
		names["number"] = h.number()
	}
	return names
}

// nobody is names of nothing that there is.
func (h *hiding) nobody() map[string]string {
	names := map[string]string{"number": h.number(), "caseNumber": h.caseNumber()}
	for name := range h.names {
		if _, set := names[name]; !set {
			names[name] = uuid.NewString()
		}
	}
	names["otherCase"] = h.names["otherCase"]
	return names
}

func (h *hiding) caseNumber() string {
	h.next++
	return fmt.Sprintf("2024-%06d", h.next)
}

// ask asks about what has these names.
func (h *hiding) ask(c *client.Client, authority, method string, a asking, names map[string]string) client.Answer {
	h.t.Helper()
	pairs := []string{"$id", uuid.NewString()}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(names))) { // $caseNumber before $case
		pairs = append(pairs, "$"+name, names[name])
	}
	fill := strings.NewReplacer(pairs...)
	call := client.Call{Authority: authority, Method: method, Path: fill.Replace(a.path)}
	if a.body != "" {
		call.Header, call.Body = client.JSON(), []byte(fill.Replace(a.body))
	}
	answer, err := c.Do(h.t.Context(), call)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, a.path, err)
	}
	return answer
}

var (
	anyID     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyMoment = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})`)
)

// shape is an answer without what each answer has of its own: new ids, the moment, the connection.
func shape(a client.Answer) string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Status)
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		if !slices.Contains([]string{"Date", "Traceparent", "Connection", "Keep-Alive", "Content-Length"}, name) {
			fmt.Fprintln(&b, name, strings.Join(a.Header[name], ", "))
		}
	}
	return b.String() + anyMoment.ReplaceAllString(anyID.ReplaceAllString(string(a.Body), "ID"), "MOMENT")
}

// names says whether an asking is about something.
func (a asking) names() bool {
	return strings.Contains(strings.NewReplacer("$id", "").Replace(a.path+a.body), "$")
}

// compare asks everybody by every route about what is hidden and about nothing.
func (h *hiding) compare(when string) {
	h.t.Helper()
	asked := 0
	for _, l := range lookers {
		c := h.as(l)
		for _, pattern := range slices.Sorted(maps.Keys(askings)) {
			method, _, _ := strings.Cut(pattern, " ")
			for _, a := range askings[pattern] {
				if !a.names() {
					continue
				}
				found, unknown := h.ask(c, l.authority, method, a, h.somebody()), h.ask(c, l.authority, method, a, h.nobody())
				if shape(found) != shape(unknown) {
					h.t.Errorf("%s: %s, %s %s %s:\nabout somebody hidden %s\nabout nobody %s", when, l.name, method, a.path, a.body, shape(found), shape(unknown))
				}
				asked++
			}
		}
	}
	if asked < 40*len(lookers) {
		h.t.Errorf("%s: only %d questions were asked", when, asked)
	}
}

// lists are what everybody gets of every list, by who asks and which.
func (h *hiding) lists() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	for _, l := range lookers {
		for pattern, ways := range askings {
			method, _, _ := strings.Cut(pattern, " ")
			for _, a := range ways {
				if method == http.MethodGet && !a.names() && a.apart == "" {
					all[l.name+": "+a.path] = shape(h.ask(h.as(l), l.authority, method, a, nil))
				}
			}
		}
	}
	return all
}

// appear has somebody registered, with a case, a note, a call, a hold and a disclosure.
func (h *hiding) appear(number string) map[string]string {
	h.t.Helper()
	names := map[string]string{"number": number, "caseNumber": h.caseNumber()}
	officer := h.as(looker{authority, "petra", "case-handling", []string{"case-officer", "protected-officer", "records-manager", "dpo"}, true})
	do := func(path, body, key, into string) {
		h.t.Helper()
		answer := h.ask(officer, authority, http.MethodPost, asking{path: path, body: body}, names)
		var said map[string]any
		if err := answer.Into(&said); err != nil || !answer.OK() {
			h.t.Fatalf("%s: %d %s", path, answer.Status, answer.Body)
		}
		names[into] = fmt.Sprint(said[key])
		if into == "case" {
			names["caseFile"] = fmt.Sprint(said["record"])
		}
	}
	do("/v1/persons", `{`+lineHead+`,"kind":"person.registered","person":{"nationalId":"$number","name":"Anna Prov"}}`, "id", "person")
	do("/v1/cases", `{`+lineHead+`,"kind":"case.opened","case":"$caseNumber","type":"job-seeking","persons":["$number"]}`, "id", "case")
	do("/v1/cases/$case/notes", `{"text":"prov"}`, "note", "note")
	do("/v1/contacts", askings["POST /v1/contacts"][0].body, "id", "contact")
	do("/v1/holds", `{"scope":"record","target":"$contact","reason":"court"}`, "id", "hold")
	do("/v1/disclosures", askings["POST /v1/disclosures"][0].body, "id", "disclosure")
	return names
}

// AFG-08, AFG-09, AFG-10: for whoever is not appointed, recipients included, a protected person is byte for byte one who does
// not exist, in what is asked about her and in what lists and counts leave out; late mark and disposal included.
func TestAProtectedPersonIsNobodyToWhoeverIsNotAppointed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("some thousand questions to a whole system")
	}
	h := newHiding(t)
	const now, end, over = "2024-01-09T10:00:00+01:00", "2024-02-01T10:00:00+01:00", "2026-05-04T10:00:00+02:00"
	h.reach(now)
	other := h.appear(h.number())
	h.reach(now)
	before := h.lists()
	h.names = h.appear(h.number())
	h.names["otherCase"] = other["case"]
	h.reach(now)
	h.mayRead("before the mark", looker{authority, "olle", "supervision", []string{"dpo"}, false}, http.StatusOK)
	if seen := h.lists(); maps.Equal(before, seen) {
		t.Error("no list shows that there is somebody more, so none can show that it hides one")
	}
	petra := looker{authority, "petra", "supervision", []string{"case-officer", "protected-officer", "dpo"}, true}
	if answer := h.ask(h.as(petra), authority, http.MethodPost, askings["POST /v1/protections"][0], h.names); answer.Status != http.StatusCreated {
		t.Fatalf("mark: %d %s", answer.Status, answer.Body)
	}
	h.reach(now)
	after := h.lists()
	for list, was := range before {
		if after[list] != was {
			t.Errorf("%s: before there was somebody\n%s\nafter the mark\n%s", list, was, after[list])
		}
	}
	h.compare("while she is there")
	h.mayRead("after the mark", petra, http.StatusOK)

	h.reach(end)
	for _, body := range []string{
		`{"id":"$id","at":"2024-02-01T09:00:00+01:00","authority":"arbetsformedlingen","kind":"case.closed","case":"$caseNumber","effective":"2024-02-01","reason":"work"}`,
		`{"id":"$id","at":"2024-02-01T09:00:00+01:00","authority":"arbetsformedlingen","kind":"person.deregistered","nationalId":"$number","effective":"2024-02-01","reason":"work"}`} {
		path := "/v1/persons"
		if strings.Contains(body, "case.closed") {
			path = "/v1/cases"
		}
		if answer := h.ask(h.as(petra), authority, http.MethodPost, asking{path: path, body: body}, h.names); !answer.OK() {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	}
	h.release()
	h.reach(over)
	h.over = true
	h.mayRead("after disposal", petra, http.StatusGone)
	h.compare("after disposal")
}

// mayRead wants a status of what somebody reads.
func (h *hiding) mayRead(when string, l looker, status int) {
	h.t.Helper()
	for _, path := range []string{"/v1/persons/$person", "/v1/cases/$case", "/v1/notes/$note", "/v1/contacts/$contact"} {
		if answer := h.ask(h.as(l), l.authority, http.MethodGet, asking{path: path}, h.names); answer.Status != status {
			h.t.Errorf("%s %s gets %d for %s: %s", when, l.name, answer.Status, path, answer.Body)
		}
	}
}

// release ends all holds, those that were placed in the dark too.
func (h *hiding) release() {
	h.t.Helper()
	manager := h.as(looker{authority, "petra", "supervision", []string{"records-manager", "protected-officer"}, true})
	var said struct{ Holds []struct{ Hold string } }
	if err := h.ask(manager, authority, http.MethodGet, asking{path: "/v1/holds"}, nil).Into(&said); err != nil {
		h.t.Fatal(err)
	}
	for _, hold := range said.Holds {
		if answer := h.ask(manager, authority, http.MethodDelete, asking{path: "/v1/holds/" + hold.Hold}, nil); !answer.OK() {
			h.t.Errorf("release: %d %s", answer.Status, answer.Body)
		}
	}
}
