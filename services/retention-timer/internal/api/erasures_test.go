package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/api"
	"gallra.se/services/retention-timer/internal/erasure"
	"gallra.se/services/retention-timer/internal/testbed"
)

func ordered(t *testing.T, body string) (o erasure.Order) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return o
}

func TestAnErasureIsOrderedOnceAndShownWithItsRecord(t *testing.T) { // AFG-62
	t.Parallel()
	b := testbed.New(t)
	dpo := as(b, "dpo", testbed.AF)
	b.Now.Set(testbed.At("2024-04-02 12:00"))
	call := b.Contact("contact.phone-log", "2024-04-01")
	body := `{"record":"` + call.String() + `","ground":"unlawful"}`
	code, answer := dpo.ask("POST", "/v1/erasures", body)
	first := ordered(t, answer)
	if code != 201 || first.Rule != "AFG-62" || first.Ground != "unlawful" || first.Target != call {
		t.Errorf("%d %s", code, answer)
	}
	if code, again := as(b, "records-manager", testbed.AF).ask("POST", "/v1/erasures", body); code != 200 || again != answer {
		t.Errorf("again: %d %s", code, again)
	}
	code, listed := dpo.ask("GET", "/v1/erasures", "")
	if code != 200 || listed != `{"erasures":[`+answer+`]}` {
		t.Errorf("%d %s", code, listed)
	}
	var board struct{ Board []api.Promise }
	if _, shown := dpo.ask("GET", "/v1/retention-board", ""); json.Unmarshal([]byte(shown), &board) != nil ||
		!slices.ContainsFunc(board.Board, func(p api.Promise) bool {
			return p.Rule == "AFG-62" && p.Running == 1 && p.Period == "" && p.TitleSv != ""
		}) {
		t.Errorf("the board: %+v", board)
	}
	r := as(b, "case-officer", testbed.AF).retention(t, call)
	if r.Erasure == nil || r.Erasure.Rule != "AFG-62" || r.Rule != "AFG-62" || r.Due != "2024-04-02" || r.Overdue != "" {
		t.Errorf("%+v %+v", r, r.Erasure)
	}
	if last := r.Trail[len(r.Trail)-1]; last.Because != "erasure.ordered" || last.Rule != "AFG-62" {
		t.Errorf("%+v", r.Trail)
	}
}

func TestAnOrderToEraseThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	call := b.Contact("contact.phone-log", "2020-12-31")
	dpo, whole := as(b, "dpo", testbed.AF), `{"record":"`+call.String()+`","ground":"unlawful"}`
	for what, row := range map[string]struct {
		by   caller
		body string
		code int
		want string
	}{
		"an officer":            {as(b, "case-officer", testbed.AF), whole, 403, "forbidden"},
		"an administrator":      {as(b, "admin", testbed.AF), whole, 403, "forbidden"},
		"another authority":     {as(b, "dpo", "te-services"), whole, 404, "not-found"},
		"nothing":               {dpo, ``, 400, "not-json"},
		"no object":             {dpo, `["unlawful"]`, 422, "invalid-field"},
		"no end":                {dpo, whole[:40], 400, "not-json"},
		"more after the end":    {dpo, whole + whole, 400, "not-json"},
		"no id":                 {dpo, `{"record":"19900101-2385","ground":"unlawful"}`, 422, "record"},
		"a number for an id":    {dpo, `{"record":7,"ground":"unlawful"}`, 422, "record"},
		"the nil id":            {dpo, `{"record":"` + uuid.Nil.String() + `","ground":"unlawful"}`, 422, "missing-field"},
		"an unknown field":      {dpo, strings.Replace(whole, `{`, `{"at":"2020-01-01",`, 1), 422, "unknown-field"},
		"a record said twice":   {dpo, strings.Replace(whole, `{`, `{"record":"`+uuid.NewString()+`",`, 1), 400, "not-json"},
		"a ground in a list":    {dpo, strings.Replace(whole, `"unlawful"`, `["unlawful"]`, 1), 422, "ground"},
		"a ground of SQL":       {dpo, strings.Replace(whole, `unlawful`, `' OR true --`, 1), 422, "ground"},
		"broken UTF-8":          {dpo, strings.Replace(whole, `unlawful`, "unlawful\xff", 1), 400, "not-json"},
		"more than is read":     {dpo, strings.Replace(whole, `unlawful`, strings.Repeat("x", 70<<10), 1), 413, "too-large"},
		"a case and a record":   {dpo, strings.Replace(whole, `{`, `{"case":"`+uuid.NewString()+`",`, 1), 422, "case"},
		"a record of tomorrow":  {dpo, strings.Replace(whole, call.String(), uuid.NewString(), 1), 404, "not-found"},
		"a ground not for this": {dpo, strings.Replace(whole, `unlawful`, `objection`, 1), 409, "AFG-67"},
	} {
		code, answer := row.by.ask("POST", "/v1/erasures", row.body)
		if code != row.code || !strings.Contains(answer, row.want) || strings.Contains(answer, "2385") || strings.Contains(answer, "OR true") {
			t.Errorf("%s: %d %s", what, code, answer)
		}
	}
	if code, _ := as(b, "case-officer", testbed.AF).ask("GET", "/v1/erasures", ""); code != 403 {
		t.Errorf("an officer lists the orders: %d", code)
	}
	if _, listed := dpo.ask("GET", "/v1/erasures", ""); listed != `{"erasures":[]}` {
		t.Error(listed)
	}
}

// AFG-08, AFG-10: before the order, while it stands and when all is gone.
func TestAnOrderAboutAProtectedPersonIsThereForAppointedOfficersAlone(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	manager, appointed := as(b, "records-manager", testbed.AF), petra(b)
	b.Now.Set(testbed.At("2024-04-02 12:00"))
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	note := c.Note()
	call := b.Contact("contact.phone-log", "2024-04-01")
	b.Tell(events.TypeContactLinked, call, events.ContactLinked{Contact: call, Person: p.ID})
	b.Tell(events.TypeProtectionMarked, p.ID, events.ProtectionMarked{Person: p.ID})
	targets := map[string]uuid.UUID{"person": p.ID, "case": c.ID, "record": call}
	hidden := func(when string) {
		t.Helper()
		for scope, target := range targets {
			_, unknown := manager.ask("POST", "/v1/erasures", `{"`+scope+`":"`+uuid.NewString()+`","ground":"unlawful"}`)
			code, answer := manager.ask("POST", "/v1/erasures", `{"`+scope+`":"`+target.String()+`","ground":"unlawful"}`)
			if code != 404 || answer != unknown {
				t.Errorf("%s, %s: %d %s, of an unknown one %s", when, scope, code, answer, unknown)
			}
		}
		if _, listed := manager.ask("GET", "/v1/erasures", ""); listed != `{"erasures":[]}` {
			t.Errorf("%s: %s", when, listed)
		}
	}
	hidden("before")
	code, answer := appointed.ask("POST", "/v1/erasures", `{"person":"`+p.ID.String()+`","ground":"unlawful"}`)
	if o := ordered(t, answer); code != 201 || len(o.Records) != 4 {
		t.Fatalf("%d %s", code, answer)
	}
	hidden("while it stands")
	for holder, units := range map[string][]events.DisposedUnit{
		events.CaseLinker: {gone(p.ID, p.ID), gone(c.Share, note, c.FileID)}, events.Intake: {gone(call, call)},
	} {
		b.Tell(events.TypeRecordDisposed, p.ID, events.RecordDisposed{Holder: holder, Units: units})
	}
	hidden("when all is gone")
	var o api.Erasures
	if _, listed := appointed.ask("GET", "/v1/erasures", ""); json.Unmarshal([]byte(listed), &o) != nil || len(o.Erasures) != 1 || o.Erasures[0].State != erasure.Done || o.Erasures[0].Disposed != 4 {
		t.Errorf("petra sees %s", listed)
	}
}

func gone(unit uuid.UUID, records ...uuid.UUID) events.DisposedUnit {
	u := events.DisposedUnit{Unit: unit, Rule: "AFG-62", Trigger: events.TriggerErasureOrdered, DueOn: "2024-04-02", Audience: events.AudienceProtected}
	for _, r := range records {
		u.Records = append(u.Records, events.DisposedRecord{Record: r, Category: "case.note"})
	}
	return u
}
