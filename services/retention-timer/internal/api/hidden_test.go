package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/testbed"
)

// petra is appointed, and may do what the records manager may.
func petra(b *testbed.Bed) caller {
	c := caller{mux: http.NewServeMux(), of: b.Authority}
	outside(b).Routes(c.mux, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(bearer.With(r.Context(), bearer.Claims{Authority: c.of, Name: "petra",
				Roles: []string{"protected-officer", "records-manager"}, Appointed: true})))
		})
	})
	return c
}

var own = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// AFG-08, AFG-10: no date, no line of a list, no part of a count, whatever came first.
func TestWhatAProtectedPersonHasIsNotThereForWhoeverIsNotAppointed(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	manager, appointed := as(b, "records-manager", testbed.AF), petra(b)
	b.Now.Set(testbed.At("2024-04-02 12:00"))
	ordinary := b.Registered("2021-02-01")
	ordinary.Open("2021-02-01").Close("2024-03-28")
	b.Contact("contact.phone-log", "2024-04-01")
	lists := []string{"/v1/due-calendar", "/v1/retention-board", "/v1/holds", "/v1/alarms", "/v1/reviews"}
	before := map[string]string{}
	for _, path := range lists {
		_, before[path] = manager.ask("GET", path, "")
	}

	p := b.Registered("2021-02-01")
	early, late := uuid.New(), uuid.New()
	b.Tell(events.TypeContactLinked, early, events.ContactLinked{Contact: early, Person: p.ID}) // before the contact itself
	b.ContactAs(early, "contact.phone-log", "2024-04-01")
	c := p.Open("2021-02-01")
	note := c.Note()
	companion := b.Registered("2021-02-01") // takes part in the same case
	b.Tell(events.TypeCaseOpened, companion.ID, events.CaseOpened{Person: companion.ID, Case: c.ID, Share: uuid.New(), File: c.FileID,
		CaseType: "job-seeking", OpenedAt: testbed.At("2021-02-01 12:00")})
	c.Close("2024-03-28")
	p.Deregister("2024-03-28")
	_, body := appointed.ask("POST", "/v1/holds", `{"scope":"record","target":"`+note.String()+`","reason":"court"}`)
	var hold struct{ ID uuid.UUID }
	if err := json.Unmarshal([]byte(body), &hold); err != nil || hold.ID == uuid.Nil {
		t.Fatal(body)
	}
	b.Tell(events.TypeProtectionMarked, p.ID, events.ProtectionMarked{Person: p.ID})
	b.ContactAs(late, "contact.phone-log", "2024-04-01")
	b.Tell(events.TypeContactLinked, late, events.ContactLinked{Contact: late, Person: p.ID}) // after the mark
	b.Tell(events.TypeProtectionMarked, p.ID, events.ProtectionMarked{Person: p.ID})          // once more

	records := []uuid.UUID{p.ID, c.FileID, note, early, late}
	_, unknown := manager.ask("GET", "/v1/retention/"+uuid.NewString(), "")
	for _, record := range records {
		if code, body := manager.ask("GET", "/v1/retention/"+record.String(), ""); code != 404 || body != unknown {
			t.Errorf("the manager gets %d %s", code, body)
		}
		if code, body := appointed.ask("GET", "/v1/retention/"+record.String(), ""); code != 200 {
			t.Errorf("petra gets %d %s", code, body)
		}
	}
	for _, path := range lists {
		if _, now := manager.ask("GET", path, ""); now != before[path] {
			t.Errorf("%s: %s, before %s", path, now, before[path])
		}
	}
	if _, whole := appointed.ask("GET", "/v1/due-calendar", ""); whole == before["/v1/due-calendar"] {
		t.Error("petra sees no more than the manager")
	}
	if code, _ := manager.ask("DELETE", "/v1/holds/"+hold.ID.String(), ""); code != 404 {
		t.Errorf("the manager releases a hold that is not there: %d", code)
	}
	holdsAlike(t, manager, note, c.ID, p.ID)
}

// holdsAlike wants a hold on something hidden to be answered and listed like one on something that nobody has told of.
func holdsAlike(t *testing.T, manager caller, note, caseID, person uuid.UUID) {
	t.Helper()
	for scope, target := range map[string]uuid.UUID{"record": note, "case": caseID, "person": person} {
		place := func(target uuid.UUID) (int, string) {
			return manager.ask("POST", "/v1/holds", `{"scope":"`+scope+`","target":"`+target.String()+`","reason":"complaint"}`)
		}
		code, body := place(target)
		unknownCode, unknownBody := place(uuid.New())
		if code != unknownCode || own.ReplaceAllString(body, "") != own.ReplaceAllString(unknownBody, "") || code != 201 {
			t.Errorf("%s: %d %s, unknown %d %s", scope, code, body, unknownCode, unknownBody)
		}
	}
	_, body := manager.ask("GET", "/v1/holds", "")
	var said struct{ Holds []struct{ Units int } }
	if err := json.Unmarshal([]byte(body), &said); err != nil || len(said.Holds) != 6 || strings.Contains(body, "court") {
		t.Fatalf("%v %s", err, body)
	}
	for _, h := range said.Holds {
		if h.Units != 0 {
			t.Errorf("a hold is listed with %d units", h.Units)
		}
	}
}

// AFG-10: what was disposed of is told of by its holder, who knows for whom it was.
func TestWhatIsLeftOfAHiddenRecordIsHiddenAndNotCounted(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	manager, appointed := as(b, "records-manager", testbed.AF), petra(b)
	hidden, shown := b.Contact("contact.phone-log", "2022-12-30"), b.Contact("contact.phone-log", "2022-12-30")
	unit := func(id uuid.UUID, audience string) events.DisposedUnit {
		return events.DisposedUnit{Unit: id, Rule: "AFC-10", Trigger: "contact-ended", DueOn: "2024-03-30", DueAt: testbed.At("2024-03-30 00:00"),
			Records: []events.DisposedRecord{{Record: id, Category: "contact.phone-log"}}, Audience: audience}
	}
	b.Tell(events.TypeRecordDisposed, hidden, events.RecordDisposed{Holder: events.Intake,
		Units: []events.DisposedUnit{unit(hidden, events.AudienceProtected), unit(shown, "")}})
	b.Tell(events.TypeContactLinked, hidden, events.ContactLinked{Contact: hidden, Person: uuid.New()}) // too late
	for id, codes := range map[uuid.UUID][2]int{hidden: {404, 200}, shown: {200, 200}} {
		first, _ := manager.ask("GET", "/v1/retention/"+id.String(), "")
		second, _ := appointed.ask("GET", "/v1/retention/"+id.String(), "")
		if first != codes[0] || second != codes[1] {
			t.Errorf("%d %d, want %v", first, second, codes)
		}
	}
	for _, row := range []struct {
		who  caller
		want string
	}{{manager, `"disposed":1`}, {appointed, `"disposed":2`}} {
		if _, body := row.who.ask("GET", "/v1/retention-board", ""); !strings.Contains(body, row.want) {
			t.Errorf("no %s in %s", row.want, body)
		}
	}
	var links int
	if err := b.DB.QueryRow(t.Context(), `SELECT count(*) FROM contact_person`).Scan(&links); err != nil || links != 0 {
		t.Errorf("%d links are left (%v)", links, err)
	}
}

// AFG-10
func TestAListIsApprovedWithoutWhatIsHiddenFromWhoApproves(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	b.Tell(events.TypeProtectionMarked, p.ID, events.ProtectionMarked{Person: p.ID})
	if _, err := b.DB.Exec(t.Context(), `UPDATE unit SET review = true, state = 'running', due_on = '2024-06-01', due_at = '2024-06-01', rule = 'AFC-13'`); err != nil {
		t.Fatal(err)
	}
	manager, appointed := as(b, "records-manager", testbed.AF), petra(b)
	if _, body := manager.ask("GET", "/v1/reviews", ""); body != `{"reviews":[]}` {
		t.Errorf("the manager sees %s", body)
	}
	_, body := appointed.ask("GET", "/v1/reviews", "")
	var said struct {
		Reviews []struct{ Category, Month, Hash string }
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil || len(said.Reviews) != 1 {
		t.Fatalf("petra sees %s", body)
	}
	l := said.Reviews[0]
	approval := `{"category":"` + l.Category + `","month":"` + l.Month + `","hash":"` + l.Hash + `"}`
	if code, _ := manager.ask("POST", "/v1/reviews/approve", approval); code != 404 {
		t.Errorf("the manager approves what is not there: %d", code)
	}
	if code, body := appointed.ask("POST", "/v1/reviews/approve", approval); code != 200 || !strings.Contains(body, "1") {
		t.Errorf("petra approves: %d %s", code, body)
	}
}
