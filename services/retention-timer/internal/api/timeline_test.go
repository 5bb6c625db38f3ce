package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/services/retention-timer/internal/testbed"
)

func TestARecordTellsHowItsDateHasMovedAndWhatHeldIt(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	note := c.Note()
	c.Close("2022-05-16")
	p.Deregister("2022-05-16")
	p.Register("2022-07-01")
	b.Now.Set(testbed.At("2022-08-01 12:00"))
	dpo := as(b, "dpo", testbed.AF)
	code, body := dpo.ask("POST", "/v1/holds", fmt.Sprintf(`{"scope":"case","target":%q,"reason":"restriction","reviewAt":"2022-12-01"}`, c.ID))
	if code != 201 {
		t.Fatalf("%d %s", code, body)
	}
	r := dpo.retention(t, note)
	if r.Kind != "share" || r.Category != "case.file" || r.CaseType != "job-seeking" || r.CollectedOn != "2021-02-01" || r.Floor != "none" || r.Preserved {
		t.Errorf("%+v", r)
	}
	if len(r.Paused) != 1 || r.Paused[0] != "restriction" || len(r.Holds) != 1 || r.Holds[0].Scope != "case" || !r.Holds[0].ReleasedAt.IsZero() {
		t.Errorf("paused %v by %+v", r.Paused, r.Holds)
	}
	var clocks, trail []string
	for _, line := range r.Clocks {
		clocks = append(clocks, line.Limit+" "+line.Rule+" "+line.D0.String()+" "+line.E.String()+" "+line.State)
	}
	if got := strings.Join(clocks, ", "); got != "ceiling AFG-53 2022-05-16 2025-05-16 running, normal AFC-13 2022-05-16 2024-07-16 cancelled" {
		t.Errorf("clocks: %s", got)
	}
	for _, step := range r.Trail {
		trail = append(trail, step.Because+" "+step.Rule+" "+step.DueOn.String())
	}
	if got := strings.Join(trail, ", "); got != "case.closed.v1 AFG-53 2025-05-16, person.deregistered.v1 AFC-13 2024-07-17, person.registered.v1 AFG-53 2025-05-16" {
		t.Errorf("trail: %s", got)
	}
	if r.Transfer == "" {
		t.Error("nobody says when the archive gets it")
	}
}

func TestASilentNoticeSaysSo(t *testing.T) {
	t.Parallel()
	b := testbed.NewAt(t, "te-services")
	p := b.Registered("2021-02-01")
	p.Deregister("2022-05-16")
	if r := as(b, "dpo", b.Authority).retention(t, p.ID); r.Due != "none" || r.Silence == "" || len(r.Clocks) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestTheCalendarCountsThirtySixMonthsAheadOfOneAuthority(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-01-31 12:00"))
	b.Contact("contact.chat", "2024-01-31")
	b.Contact("contact.chat", "2024-01-30")
	b.Contact("contact.phone-log", "2024-01-31")
	p := b.Registered("2021-02-01")
	p.Deregister("2024-11-30") // gone 2027-01-31, the last month but one; 36 months end with 2026-12
	code, body := as(b, "case-officer", testbed.AF).ask("GET", "/v1/due-calendar", "")
	if code != 200 || strings.Contains(body, "2027-01") || strings.Count(body, `"month"`) != 3 ||
		!strings.Contains(body, `{"authority":"arbetsformedlingen","month":"2024-02","category":"contact.chat","rule":"AFC-21","units":1,"records":1}`) {
		t.Errorf("%d %s", code, body)
	}
	if _, body := as(b, "case-officer", "te-services").ask("GET", "/v1/due-calendar", ""); body != `{"months":[]}` {
		t.Errorf("another authority sees %s", body)
	}
}

func TestAPolicyIsPlannedAndActivatedByThoseWhoMay(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2025-06-20 09:00"))
	b.Contact("contact.chat", "2025-06-10")
	manager := as(b, "records-manager", testbed.AF)
	code, body := manager.ask("GET", "/v1/policy", "")
	var state struct{ Files map[string]string }
	if err := json.Unmarshal([]byte(body), &state); code != 200 || err != nil || len(state.Files) == 0 {
		t.Fatalf("%d %v %s", code, err, body)
	}
	if code, body := manager.ask("POST", "/v1/policy/plan", `{"files":{"rules.yaml":"rules:\n  - {id: X, perod: 3}"}}`); code != 422 ||
		!strings.Contains(body, "policy-refused") || !strings.Contains(body, "rules.yaml:2:") {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := manager.ask("POST", "/v1/policy/activate", `{"files":{},"plan":"0"}`); code != 422 {
		t.Errorf("no files: %d", code)
	}
	if code, _ := manager.ask("POST", "/v1/policy/plan", `{"packs":{}}`); code != 400 {
		t.Errorf("an unknown key: %d", code)
	}
	if code, _ := manager.ask("POST", "/v1/policy/plan", `{"files":{"rules.yaml":"`+strings.Repeat("#", 2<<20)+`"}}`); code != 413 {
		t.Errorf("two megabytes: %d", code)
	}
	for _, path := range []string{"/v1/policy/plan", "/v1/policy/activate"} {
		if code, _ := as(b, "case-officer", testbed.AF).ask("POST", path, `{}`); code != 403 {
			t.Errorf("an officer: %s %d", path, code)
		}
	}
	if code, _ := as(b, "dpo", testbed.AF).ask("POST", "/v1/reviews/approve", `{}`); code != 403 {
		t.Errorf("the officer for data protection approves a list: %d", code)
	}
	if code, _ := manager.ask("POST", "/v1/reviews/approve", `{"category":"case.file","month":"2026-03","hash":"x"}`); code != 404 {
		t.Errorf("no such list: %d", code)
	}
	if code, body := manager.ask("GET", "/v1/reviews", ""); code != 200 || body != `{"reviews":[]}` {
		t.Errorf("%d %s", code, body)
	}
	if code, body := manager.ask("GET", "/v1/holds", ""); code != 200 || body != `{"holds":[]}` {
		t.Errorf("%d %s", code, body)
	}
}

func TestARecordThatNobodyKnowsHasNoTimeline(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	call := b.Contact("contact.phone-log", "2023-08-30")
	if r := as(b, "dpo", testbed.AF).retention(t, call); len(r.Clocks) != 1 || r.Trail == nil {
		t.Errorf("%+v", r)
	}
	if code, _ := as(b, "dpo", testbed.AF).ask("GET", "/v1/retention/"+uuid.NewString(), ""); code != 404 {
		t.Errorf("%d", code)
	}
}
