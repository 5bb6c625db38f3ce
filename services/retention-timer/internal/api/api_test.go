package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/logs"
	"gallra.se/libs/policy/follow"
	"gallra.se/services/retention-timer/internal/amend"
	"gallra.se/services/retention-timer/internal/api"
	"gallra.se/services/retention-timer/internal/erasure"
	"gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/review"
	"gallra.se/services/retention-timer/internal/testbed"
)

// caller is somebody whose token has been checked.
type caller struct {
	mux  *http.ServeMux
	role string
	of   string
}

func as(b *testbed.Bed, role, authority string) caller {
	c := caller{http.NewServeMux(), role, authority}
	a := outside(b)
	a.Routes(c.mux, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(bearer.With(r.Context(), bearer.Claims{Authority: c.of, Name: "test", Roles: []string{c.role}})))
		})
	})
	return c
}

func outside(b *testbed.Bed) *api.API {
	log, changed := logs.New(io.Discard, "test"), func() {}
	return &api.API{DB: b.DB, Policy: b.Desk.Policy, Clock: b.Now, Log: log,
		Holds:   &hold.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: changed},
		Review:  &review.Desk{DB: b.DB, Changed: changed},
		Erasing: &erasure.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: changed, Patience: 200 * time.Millisecond},
		Amend: &amend.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: changed,
			Follow: &follow.Follower{Set: b.Desk.Policy, DB: b.DB, Log: log}}}
}

func (c caller) ask(method, path, body string) (int, string) {
	w := httptest.NewRecorder()
	c.mux.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func (c caller) retention(t *testing.T, record uuid.UUID) api.Retention {
	t.Helper()
	code, body := c.ask("GET", "/v1/retention/"+record.String(), "")
	var r api.Retention
	if err := json.Unmarshal([]byte(body), &r); code != 200 || err != nil {
		t.Fatalf("%d %s %v", code, body, err)
	}
	return r
}

func TestARecordTellsItsThreeLimits(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	olle := as(b, "case-officer", testbed.AF)
	call := b.Contact("contact.phone-log", "2023-08-30")
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	note := c.Note()
	p.Deregister("2024-03-31")
	if r := olle.retention(t, note); r.Due != "none" || r.State != "idle" || len(r.Paused) != 1 || r.Paused[0] != "openCase" {
		t.Errorf("open case: %+v", r)
	}
	c.Close("2024-03-31")
	for record, want := range map[uuid.UUID]api.Retention{
		call:     {Due: "2024-12-01", Rule: "AFC-10", Limits: api.Limits{Normal: "2024-12-01", Ceiling: "none", Statutory: "none"}},
		note:     {Due: "2026-06-01", Rule: "AFC-13", Limits: api.Limits{Normal: "2026-06-01", Ceiling: "2027-03-31", Statutory: "2027-12-31"}},
		c.FileID: {Due: "2026-06-01", Rule: "AFC-13", Limits: api.Limits{Normal: "2026-06-01", Ceiling: "2027-03-31", Statutory: "2027-12-31"}},
		p.ID:     {Due: "2026-06-01", Rule: "AFC-13", Limits: api.Limits{Normal: "2026-06-01", Ceiling: "none", Statutory: "none"}},
	} {
		r := olle.retention(t, record)
		if r.Due != want.Due || r.Rule != want.Rule || r.Limits != want.Limits || !r.DueAt.Equal(testbed.At(want.Due+" 00:00")) || len(r.Paused) != 0 {
			t.Errorf("%+v\nwant %+v", r, want)
		}
	}
	p.Register("2024-05-02")
	if r := olle.retention(t, note); r.Limits != (api.Limits{Normal: "none", Ceiling: "2027-03-31", Statutory: "2027-12-31"}) || r.Due != "2027-03-31" {
		t.Errorf("registered again: %+v", r)
	}
}

func TestAnotherAuthoritysRecordIsNotFound(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	call := b.Contact("contact.phone-log", "2023-08-30")
	stranger := as(b, "case-officer", "te-customer-service")
	unknownCode, unknown := stranger.ask("GET", "/v1/retention/"+uuid.NewString(), "")
	code, body := stranger.ask("GET", "/v1/retention/"+call.String(), "")
	if code != 404 || code != unknownCode || body != unknown {
		t.Errorf("%d %s; unknown: %d %s", code, body, unknownCode, unknown)
	}
	if code, _ := stranger.ask("GET", "/v1/retention/not-an-id", ""); code != 404 {
		t.Errorf("%d", code)
	}
}

func TestAHoldIsPlacedShownAndReleased(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-01-31 12:00"))
	call := b.Contact("contact.phone-log", "2024-01-31")
	manager := as(b, "records-manager", testbed.AF)
	code, body := manager.ask("POST", "/v1/holds", `{"scope":"record","target":"`+call.String()+`","reason":"document-request","reviewAt":"2024-06-01"}`)
	var placed struct{ ID uuid.UUID }
	if err := json.Unmarshal([]byte(body), &placed); code != 201 || err != nil {
		t.Fatalf("%d %s", code, body)
	}
	if r := manager.retention(t, call); len(r.Paused) != 1 || r.Paused[0] != "documentRequest" || r.Due != "2025-05-01" {
		t.Errorf("%+v", r)
	}
	if code, body := manager.ask("DELETE", "/v1/holds/"+placed.ID.String(), ""); code != 204 || body != "" {
		t.Errorf("%d %s", code, body)
	}
	if r := manager.retention(t, call); len(r.Paused) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestOnlyThoseWhoMayHoldCanHold(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	for _, c := range []struct {
		role, body string
		code       int
	}{
		{"case-officer", `{}`, 403},
		{"records-manager", `{"scope":"record"`, 400},
		{"records-manager", `{"scope":"record","because":"x"}`, 400},
		{"records-manager", `{"scope":"record"}`, 422},
	} {
		if code, body := as(b, c.role, testbed.AF).ask("POST", "/v1/holds", c.body); code != c.code {
			t.Errorf("%s %s: %d %s", c.role, c.body, code, body)
		}
	}
	if code, _ := as(b, "case-officer", testbed.AF).ask("DELETE", "/v1/holds/"+uuid.NewString(), ""); code != 403 {
		t.Errorf("release: %d", code)
	}
}

func TestNoAlarmIsAnEmptyList(t *testing.T) {
	t.Parallel()
	if code, body := as(testbed.New(t), "dpo", testbed.AF).ask("GET", "/v1/alarms", ""); code != 200 || body != `{"alarms":[]}` {
		t.Errorf("%d %s", code, body)
	}
}

func TestTheBoardShowsEveryRuleWithWhatRunsAndWhatIsGone(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-02-01 12:00"))
	b.Contact("contact.chat", "2024-01-31")
	b.Contact("contact.chat", "2023-12-01") // should have gone long ago
	gone := b.Contact("contact.chat", "2023-12-01")
	b.Disposed("intake", "AFC-21", "2023-12-31", gone)
	board, err := outside(b).Board(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, p := range board {
		rules = append(rules, p.Rule)
		switch p.Rule {
		case "AFC-21":
			if p.Running != 2 || p.Disposed != 1 || p.Overdue != 1 || p.NextDue != "2023-12-31" || p.Title == "" {
				t.Errorf("%+v", p)
			}
		default:
			if p.Running+p.Disposed+p.Overdue != 0 || p.NextDue != "none" {
				t.Errorf("%+v", p)
			}
		}
	}
	for rule, shown := range map[string]bool{"AFC-10": true, "AFC-13": true, "AFG-53": true, "AFG-42": true, "KSC-13": true, "KSC-17": true,
		"AFG-43": false /* a window of reuse */, "AFG-54": false /* runs at statistics */, "STH-18": false /* preserves */} {
		if slices.Contains(rules, rule) != shown {
			t.Errorf("%s is on the board: %v (%s)", rule, !shown, strings.Join(rules, " "))
		}
	}
	s, err := outside(b).Summary(t.Context())
	if err != nil || s.Disposed["AFC-21"] != 1 || s.Running["AFC-21"] != 2 || s.Overdue != 1 || s.Units["disposed"] != 1 {
		t.Errorf("%+v %v", s, err)
	}
}
