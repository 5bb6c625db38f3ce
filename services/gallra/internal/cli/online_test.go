package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/libs/policy"
)

// answering is a system that answers each route with words of its own and notes what it was sent.
type answering struct {
	url  string
	sent map[string]map[string]any // by route: the last body
}

// reply is a status and a body.
type reply struct {
	status int
	body   string
}

func answers(t *testing.T, by map[string]reply) *answering {
	t.Helper()
	t.Setenv("XDG_STATE_HOME", t.TempDir()) // nobody's place is found by chance
	a := &answering{sent: map[string]map[string]any{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := r.Method + " " + r.URL.Path
		body, _ := io.ReadAll(r.Body)
		var sent map[string]any
		if json.Unmarshal(body, &sent) == nil {
			a.sent[route] = sent
		}
		found, ok := by[route]
		if !ok {
			found = reply{http.StatusNotFound, `{"reason":"not-found"}`}
		}
		w.WriteHeader(found.status)
		_, _ = io.WriteString(w, found.body)
	}))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// typed runs a command line.
func (a *answering) typed(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var said, complained bytes.Buffer
	status = Main(append(args, "--url", a.url), &said, &complained)
	return status, said.String(), complained.String()
}

// servedPack is what a system answers about its policy.
func servedPack(t *testing.T) reply {
	t.Helper()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	text, err := json.Marshal(map[string]any{"authority": pack.Authority, "version": pack.Version, "hash": pack.Hash(), "files": pack.Files()})
	if err != nil {
		t.Fatal(err)
	}
	return reply{http.StatusOK, string(text)}
}

const madePlan = `{"hash":"77b1d0a4","authority":"arbetsformedlingen","from":"2021-01-01","to":"2026-07-01",
	"changes":[{"rule":"AFC-21","category":"contact.chat","was":"29 days exact","becomes":"14 days exact","validFrom":"2026-07-01"}],
	"moves":[{"category":"contact.chat","rule":"AFC-21","month":"2026-07","earlier":120,"atOnce":40,"later":0,"unchanged":3},
		{"category":"contact.chat","rule":"AFC-21","month":"2026-08","earlier":16,"atOnce":0,"later":0,"unchanged":0},
		{"category":"case.note","rule":"AFC-13","month":"2027-01","earlier":0,"atOnce":0,"later":0,"unchanged":900}],
	"totals":{"living":1079,"earlier":136,"later":0,"atOnce":40,"unchanged":903}}`

var shorter = []string{"--authority", "arbetsformedlingen", "--rule", "AFC-21", "--period", "14 days", "--from", "2026-07-01"}

func TestAPlanIsATableByMonthWithTheCommandThatActivatesIt(t *testing.T) {
	a := answers(t, map[string]reply{"GET /v1/policy": servedPack(t), "POST /v1/policy/plan": {http.StatusOK, madePlan}})
	status, out, errs := a.typed(t, append([]string{"policy", "plan"}, shorter...)...)
	if status != 0 {
		t.Fatalf("%d %s", status, errs)
	}
	for _, want := range []string{
		"arbetsformedlingen: 2021-01-01 → 2026-07-01", "29 days exact → 14 days exact", "1079 living records: 40 at once, 136 earlier, 0 later, 903 unchanged",
		"2026-07    contact.chat  AFC-21  40       120      0      ██████████████████████████████", "2026-08    contact.chat  AFC-21  0        16       0      ███\n",
		`gallra policy activate --authority arbetsformedlingen --rule AFC-21 --period "14 days" --from 2026-07-01 --plan 77b1d0a4`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "2027-01") {
		t.Error("what does not move is in the table")
	}
	files := a.sent["POST /v1/policy/plan"]["files"].(map[string]any)
	if _, err := policy.Parse("arbetsformedlingen", texts(files)); err != nil || !strings.Contains(files["rules.yaml"].(string), "{validFrom: 2026-07-01, period: 14 days, mode: exact}") {
		t.Errorf("the pack that was sent: %v", err)
	}
	if status, out, _ := a.typed(t, append([]string{"policy", "plan", "--json"}, shorter...)...); status != 0 || !json.Valid([]byte(out)) {
		t.Errorf("as JSON: %d %s", status, out)
	}
}

func texts(files map[string]any) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		out[name] = text.(string)
	}
	return out
}

func TestAPackInADirectoryIsPlannedAndActivated(t *testing.T) {
	a := answers(t, map[string]reply{"POST /v1/policy/plan": {http.StatusOK, madePlan},
		"POST /v1/policy/activate": {http.StatusOK, `{"version":"2026-07-01","validFrom":"2026-07-01","hash":"abc"}`}})
	dir := filepath.Join(t.TempDir(), "arbetsformedlingen")
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range pack.Files() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if status, out, errs := a.typed(t, "policy", "plan", dir); status != 0 || !strings.Contains(out, "gallra policy activate "+dir+" --plan 77b1d0a4") {
		t.Errorf("%d %s %s", status, out, errs)
	}
	status, out, errs := a.typed(t, "policy", "activate", dir, "--plan", "77b1d0a4")
	if status != 0 || !strings.Contains(out, "arbetsformedlingen goes by its policy 2026-07-01") || a.sent["POST /v1/policy/activate"]["plan"] != "77b1d0a4" {
		t.Errorf("%d %s %s", status, out, errs)
	}
}

func TestARefusalOfAPolicySaysWhatToDo(t *testing.T) {
	for want, c := range map[string]struct {
		args   []string
		routes map[string]reply
	}{
		"rules.yaml:12:3: unknown key":       {append([]string{"policy", "plan"}, shorter...), map[string]reply{"POST /v1/policy/plan": {422, `{"status":422,"reason":"policy-refused","detail":"rules.yaml:12:3: unknown key"}`}}},
		"look at it anew with `gallra poli":  {append([]string{"policy", "activate", "--plan", "x"}, shorter...), map[string]reply{"POST /v1/policy/activate": {409, `{"status":409,"reason":"plan-stale"}`}}},
		"say what shall change":              {[]string{"policy", "plan"}, nil},
		"with --rule give --":                {[]string{"policy", "plan", "--rule", "AFC-21"}, nil},
		"the pack has no rule AFC-99":        {[]string{"policy", "plan", "--authority", "arbetsformedlingen", "--rule", "AFC-99", "--period", "1 month", "--from", "2026-07-01"}, nil},
		"--from soon is no day":              {[]string{"policy", "plan", "--authority", "arbetsformedlingen", "--rule", "AFC-21", "--period", "1 month", "--from", "soon"}, nil},
		"missing flags: --plan=HASH":         {append([]string{"policy", "activate"}, shorter...), nil},
		"a version from 2018-05-25 is there": {[]string{"policy", "plan", "--authority", "arbetsformedlingen", "--rule", "AFC-21", "--period", "1 month", "--from", "2018-05-25"}, nil},
	} {
		routes := map[string]reply{"GET /v1/policy": servedPack(t)}
		for route, answer := range c.routes {
			routes[route] = answer
		}
		if status, _, errs := answers(t, routes).typed(t, c.args...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d, want %q: %s", c.args, status, want, errs)
		}
	}
}

func TestHoldsAreListedPlacedAndReleased(t *testing.T) {
	a := answers(t, map[string]reply{
		"GET /v1/holds":        {200, `{"holds":[{"hold":"h-1","authority":"te-services","scope":"record","target":"r-1","reason":"court","placedAt":"2025-03-03T08:00:00Z","reviewAt":"2025-08-31T22:00:00Z","units":2,"overdue":true}]}`},
		"POST /v1/holds":       {201, `{"id":"h-2"}`},
		"DELETE /v1/holds/h-2": {204, ""},
		"DELETE /v1/holds/h-3": {404, `{"reason":"not-found"}`},
	})
	if status, out, _ := a.typed(t, "holds", "list", "--authority", "te-services"); status != 0 || !strings.Contains(out, "h-1   te-services  court   record r-1  2") || !strings.Contains(out, "past its review") {
		t.Errorf("%d %s", status, out)
	}
	place := []string{"holds", "place", "--authority", "te-services", "--scope", "record", "--target", "r-1", "--reason", "court", "--review-at", "2025-09-01"}
	if status, out, errs := a.typed(t, place...); status != 0 || out != "hold h-2 is placed\n" || a.sent["POST /v1/holds"]["reviewAt"] != "2025-09-01" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if status, out, errs := a.typed(t, "holds", "release", "h-2", "--authority", "te-services"); status != 0 || out != "hold h-2 is released\n" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	for want, args := range map[string][]string{
		"release the hold: not-found":         {"holds", "release", "h-3", "--authority", "te-services"},
		"unknown authority \"nobody\"":        {"holds", "list", "--authority", "nobody"},
		"--scope must be one of \"record\"":   {"holds", "place", "--authority", "te-services", "--scope", "planet", "--target", "r", "--reason", "court"},
		"--reason must be one of \"complaint": {"holds", "place", "--authority", "te-services", "--scope", "case", "--target", "r", "--reason", "curiosity"},
	} {
		if status, _, errs := a.typed(t, args...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d, want %q: %s", args, status, want, errs)
		}
	}
	late := answers(t, map[string]reply{"POST /v1/holds": {409, `{"status":409,"reason":"conflict"}`}})
	if status, _, errs := late.typed(t, place...); status != 1 || !strings.Contains(errs, "too late") {
		t.Errorf("%d %s", status, errs)
	}
	none := answers(t, map[string]reply{"GET /v1/holds": {200, `{"holds":[]}`}})
	if status, out, _ := none.typed(t, "holds", "list"); status != 0 || out != "nothing is held\n" {
		t.Errorf("%d %s", status, out)
	}
}

func TestReviewsAreListedAndOneIsApprovedByItsHash(t *testing.T) {
	a := answers(t, map[string]reply{
		"GET /v1/reviews":          {200, `{"reviews":[{"authority":"arbetsformedlingen","category":"case.document","month":"2026-03","units":4,"records":11,"firstDue":"2026-03-02","hash":"9c56"}]}`},
		"POST /v1/reviews/approve": {200, `{"units":4}`},
	})
	if status, out, _ := a.typed(t, "reviews", "list", "--authority", "arbetsformedlingen"); status != 0 || !strings.Contains(out, "case.document  2026-03  11       4      2026-03-02  none          9c56") {
		t.Errorf("%d %s", status, out)
	}
	approve := []string{"reviews", "approve", "--authority", "arbetsformedlingen", "--category", "case.document", "--month", "2026-03", "--hash", "9c56"}
	if status, out, errs := a.typed(t, approve...); status != 0 || !strings.Contains(out, "4 units") || a.sent["POST /v1/reviews/approve"]["hash"] != "9c56" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	stale := answers(t, map[string]reply{"POST /v1/reviews/approve": {409, `{"status":409,"reason":"review-stale"}`}})
	if status, _, errs := stale.typed(t, approve...); status != 1 || !strings.Contains(errs, "gallra reviews list") {
		t.Errorf("%d %s", status, errs)
	}
}

func TestARecordsTimelineIsToldInText(t *testing.T) {
	a := answers(t, map[string]reply{"GET /v1/retention/r-1": {200, `{"record":"r-1","authority":"arbetsformedlingen","category":"case.note","state":"running","rule":"AFC-13","due":"2026-05-01",
		"limits":{"normal":"2026-05-01","ceiling":"2027-02-28","statutory":"2027-12-31"},"floor":"none","paused":["hold"],
		"clocks":[{"rule":"AFC-13","trigger":"deregistered","d0":"2024-02-28","period":"26 months","mode":"exact","e":"2026-04-30","dueOn":"2026-05-01","limit":"normal","state":"running"}],
		"holds":[{"hold":"h-1","scope":"person","reason":"complaint","placedAt":"2025-03-03T08:00:00Z","reviewAt":"2025-08-31T22:00:00Z"}],
		"trail":[{"at":"2024-02-28T11:00:00Z","because":"person.deregistered","rule":"AFC-13","dueOn":"2026-05-01"},{"at":"2024-03-28T11:00:00Z","because":"case.reopened","rule":"","dueOn":""}]}`}})
	status, out, errs := a.typed(t, "retention", "r-1")
	if status != 0 {
		t.Fatalf("%d %s", status, errs)
	}
	for _, want := range []string{"case.note r-1 at arbetsformedlingen, running", "gone from     2026-05-01 AFC-13", "bound by law  2027-12-31", "paused by     hold",
		"26 months  exact  2026-04-30  2026-05-01  running  decides", "complaint  person", "person.deregistered", "no day"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "floor") {
		t.Error("a floor that there is not is told")
	}
	if status, _, errs := a.typed(t, "retention", "r-2"); status != 1 || !strings.Contains(errs, "no record r-2 is known at arbetsformedlingen") {
		t.Errorf("%d %s", status, errs)
	}
}
