package intake_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/events"
	"gallra.se/libs/clock"
)

const view = `{"page":"/jobb","ipAddress":"192.0.2.51","browserType":"Firefox","deviceType":"desktop","clickedLinks":["/kontakt"],"cookies":"all","at":"2024-01-31T14:10:00+01:00"}`

// AFG-01, AFG-36, AFG-37, STH-08
func TestAPageViewBecomesFiguresWithoutAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ body, stored, dropped string }{
		{view, `"stored":["browserType","clickedLinks","deviceType"]`, `"dropped":["ipAddress"]`},
		{view, `"stored":["browserType","clickedLinks","deviceType"]`, `"dropped":["ipAddress"]`},
		{strings.Replace(view, `"all"`, `"necessary"`, 1), `"stored":[]`, `"dropped":["browserType","clickedLinks","deviceType","ipAddress"]`},
		{strings.Replace(view, `"cookies":"all",`, ``, 1), `"stored":[]`, `"dropped":["browserType","clickedLinks","deviceType","ipAddress"]`},
	} {
		status, raw := w.as("channel", af, "POST", "/v1/web/views", c.body)
		if status != 202 || !bytes.Contains(raw, []byte(c.stored)) || !bytes.Contains(raw, []byte(c.dropped)) || !bytes.Contains(raw, []byte(`"noticeUrl":"https`)) {
			t.Errorf("%d %s", status, raw)
		}
	}
	_, raw := w.as("statistics-officer", af, "GET", "/v1/web/views?day=2024-01-31", "")
	want := `{"figures":[{"what":"followed","page":"/kontakt","browser":"firefox","device":"desktop","n":2},{"what":"seen","page":"/jobb","browser":"firefox","device":"desktop","n":2}]}`
	if got := strings.TrimSpace(string(raw)); got != want {
		t.Errorf("%s", got)
	}
	if _, raw := w.as("statistics-officer", "stockholm-labour-market-board", "GET", "/v1/web/views?day=2024-01-31", ""); !bytes.Contains(raw, []byte(`"figures":[]`)) {
		t.Errorf("another authority sees %s", raw)
	}
	for what, c := range map[string]struct {
		role, method, path, body string
		status                   int
	}{
		"an officer":          {"case-officer", "POST", "/v1/web/views", view, 403},
		"an officer looks":    {"case-officer", "GET", "/v1/web/views?day=2024-01-31", "", 403},
		"a query in the page": {"channel", "POST", "/v1/web/views", strings.Replace(view, `"/jobb"`, `"/jobb?namn=disa"`, 1), 422},
		"no day":              {"statistics-officer", "GET", "/v1/web/views", "", 422},
		"tomorrow":            {"channel", "POST", "/v1/web/views", strings.Replace(view, `01-31T`, `02-01T`, 1), 422},
	} {
		if status, raw := w.as(c.role, af, c.method, c.path, c.body); status != c.status {
			t.Errorf("%s: %d %s", what, status, raw)
		}
	}
}

const eidIssuer = "https://eid.example"

// statement is what an identity provider says; change makes it another one.
func (w *world) statement(change func(jwt.MapClaims)) string {
	w.t.Helper()
	now := clock.PaceNow()
	c := jwt.MapClaims{"iss": eidIssuer, "aud": af, "jti": "s-1", "nonce": "n-1", "name": "Disa Kanariefem", "nationalId": "197602102381",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	change(c)
	signed, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, c).SignedString(w.eid)
	must(w.t, err)
	return signed
}

func login(id, token string) string {
	return fmt.Sprintf(`{"id":%q,"at":"2024-01-31T14:10:00+01:00","identity":{"token":%q,"nonce":"n-1"}}`, id, token)
}

// AFC-16, AFG-27
func TestOfALoginOnlyItsResultIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.statement(func(jwt.MapClaims) {})
	status, raw := w.as("channel", af, "POST", "/v1/logins", login("l1", token))
	var said struct {
		ID, Result string
		Stored     []string
	}
	must(t, json.Unmarshal(raw, &said))
	if status != 201 || said.Result != "valid" || len(said.Stored) != 2 {
		t.Fatalf("%d %s", status, raw)
	}
	var recorded events.ContactRecorded
	w.next(events.TypeContactRecorded, &recorded)
	if recorded.Category != "contact.login" || recorded.Identified || recorded.Sealed != nil {
		t.Errorf("%+v", recorded)
	}
	response, again := w.asking("channel", af, "POST", "/v1/logins", login("l1", token))
	if response.StatusCode != 201 || response.Header.Get("Gallra-Duplicate") != "true" || !bytes.Equal(raw, again) {
		t.Errorf("the same again: %d %s", response.StatusCode, again)
	}
	response, read := w.asking("dpo", af, "GET", "/v1/contacts/"+said.ID, "")
	if response.StatusCode != 200 || !bytes.Contains(read, []byte(`"result":"valid"`)) {
		t.Errorf("%d %s", response.StatusCode, read)
	}
	for _, canary := range []string{"Kanariefem", "1976", "Disa"} {
		if bytes.Contains(read, []byte(canary)) {
			t.Errorf("%d %s", response.StatusCode, read)
		}
	}
}

func TestAnIdentityThatDoesNotHoldLeavesAnEventAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used := w.statement(func(jwt.MapClaims) {})
	if status, raw := w.as("channel", af, "POST", "/v1/logins", login("l1", used)); status != 201 {
		t.Fatalf("%d %s", status, raw)
	}
	var recorded events.ContactRecorded
	w.next(events.TypeContactRecorded, &recorded)
	before := w.rows()
	for reason, token := range map[string]string{
		events.IdentityReplayed: used,
		events.IdentityExpired:  w.statement(func(c jwt.MapClaims) { c["exp"] = clock.PaceNow().Add(-time.Hour).Unix() }),
		events.IdentityForged:   w.statement(func(c jwt.MapClaims) { c["aud"] = "te-services" }),
		events.IdentityNobody:   w.statement(func(c jwt.MapClaims) { c["nationalId"], c["jti"] = "197602102382", "s-2" }),
	} {
		status, raw := w.as("channel", af, "POST", "/v1/logins", login("l2", token))
		if status != 403 || !bytes.Contains(raw, []byte(`"reason":"denied"`)) || !bytes.Contains(raw, []byte(`"rule":"AFG-27"`)) || !bytes.Contains(raw, []byte(`"detail":"`+reason+`"`)) {
			t.Errorf("%s: %d %s", reason, status, raw)
		}
		var rejected events.IdentityRejected
		if e := w.next(events.TypeIdentityRejected, &rejected); rejected.Reason != reason || bytes.Contains(e.Data(), []byte("1976")) {
			t.Errorf("%s: %s", reason, e.Data())
		}
	}
	after := w.rows()
	for _, table := range []string{"contact", "tombstone", "login_statement"} {
		if before[table] != after[table] {
			t.Errorf("%s: %d rows, then %d", table, before[table], after[table])
		}
	}
	if status, raw := w.as("channel", "stockholm-labour-market-board", "POST", "/v1/logins", login("l3", used)); status != 422 {
		t.Errorf("an authority without a login: %d %s", status, raw)
	}
	if status, raw := w.as("case-officer", af, "POST", "/v1/logins", login("l3", used)); status != 403 {
		t.Errorf("an officer: %d %s", status, raw)
	}
}

func TestOfManyLoginsWithOneStatementOneIsValid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.statement(func(jwt.MapClaims) {})
	var all sync.WaitGroup
	var valid, denied atomic.Int64
	for n := range 8 {
		all.Go(func() {
			switch status, _ := w.as("channel", af, "POST", "/v1/logins", login(fmt.Sprint("l", n), token)); status {
			case 201:
				valid.Add(1)
			case 403:
				denied.Add(1)
			}
		})
	}
	all.Wait()
	if valid.Load() != 1 || denied.Load() != 7 {
		t.Errorf("%d valid, %d denied", valid.Load(), denied.Load())
	}
}

func TestWithoutAnIssuerNobodyLogsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	w.eid = nil
	w.run()
	_, stranger, err := ed25519.GenerateKey(nil)
	must(t, err)
	w.eid = stranger
	if status, raw := w.as("channel", af, "POST", "/v1/logins", login("l1", w.statement(func(jwt.MapClaims) {}))); status != 503 {
		t.Errorf("%d %s", status, raw)
	}
}

func mail(id, person, rest string) string {
	return fmt.Sprintf(`{"id":%q,"at":"2024-01-31T14:10:00+01:00","person":{"nationalId":%q},%s}`, id, person, rest)
}

// TES-15, KSC-28
func TestAMailIsKeptOnlyIfItMayGoOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const ksc = "te-customer-service"
	for what, c := range map[string]struct {
		authority, body string
		status          int
		said            string
	}{
		"plain, about the case":     {ksc, mail("m1", "070503A9886", `"encrypted":false,"about":"case","text":"Your benefit is being handled."`), 403, `"rule":"TES-15"`},
		"plain, with a number":      {ksc, mail("m2", "070503A9886", `"encrypted":false,"about":"general","text":"070503 A 9886"`), 403, `"rule":"TES-15"`},
		"plain, general":            {ksc, mail("m3", "070503A9886", `"encrypted":false,"about":"general","text":"Write to the registry."`), 201, `"noticeUrl"`},
		"encrypted, about the case": {ksc, mail("m4", "070503A9886", `"encrypted":true,"about":"case","text":"Your benefit is being handled."`), 201, `"stored":["nationalId","text","endedAt"]`},
		"nobody's number":           {ksc, mail("m5", "070503A9887", `"encrypted":true,"about":"case","text":"x"`), 422, `"invalid-national-id"`},
		"not promised there":        {af, mail("m6", "197602102381", `"encrypted":false,"about":"case","text":"x"`), 201, `"id"`},
		"control characters":        {ksc, mail("m7", "070503A9886", `"encrypted":true,"about":"case","text":"a\u0000b"`), 422, `"invalid-text"`},
		"tomorrow":                  {ksc, strings.Replace(mail("m8", "070503A9886", `"encrypted":true,"about":"case","text":"x"`), "01-31T", "02-01T", 1), 422, `"invalid-time"`},
	} {
		status, raw := w.as("case-officer", c.authority, "POST", "/v1/mail", c.body)
		if status != c.status || !bytes.Contains(raw, []byte(c.said)) {
			t.Errorf("%s: %d %s", what, status, raw)
		}
	}
	for _, role := range []string{"channel", "processor", "analyst"} {
		if status, raw := w.as(role, ksc, "POST", "/v1/mail", mail("m9", "070503A9886", `"encrypted":true,"about":"case","text":"x"`)); status != 403 || bytes.Contains(raw, []byte("denied")) {
			t.Errorf("%s: %d %s", role, status, raw)
		}
	}
	var kept int
	must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM contact WHERE category = 'contact.email'`).Scan(&kept))
	if kept != 3 {
		t.Errorf("%d mails are kept", kept)
	}
}

// AFG-34
func TestASurveyIsLinkedToNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const survey = `{"id":"survey-1","kind":"contact","authority":"arbetsformedlingen","channel":"survey","identified":false,
		"at":"2024-01-31T14:10:00+01:00","endedAt":"2024-01-31T14:10:00+01:00","fields":{"text":"very good"}}`
	if r := w.post(strings.Replace(survey, `"fields"`, `"note":{"case":"AF-1","text":"x","relevant":true},"fields"`, 1)); r.Status != 422 || r.Body["field"] != "note" {
		t.Errorf("with a note: %d %v", r.Status, r.Body)
	}
	if r := w.post(strings.Replace(survey, `"fields"`, `"case":"AF-1","fields"`, 1)); r.Status != 422 {
		t.Errorf("with a case: %d %v", r.Status, r.Body)
	}
	declined := strings.NewReplacer(`"survey-1"`, `"survey-0"`, `"identified":false`, `"identified":false,"consent":false`).Replace(survey)
	r := w.post(declined)
	if r.Status != 201 || fmt.Sprint(r.Body["stored"], r.Body["dropped"]) != "[] [text]" {
		t.Errorf("declined: %d %v", r.Status, r.Body)
	}
	if status, raw := w.as("dpo", af, "GET", fmt.Sprint("/v1/contacts/", r.Body["id"]), ""); status != 410 {
		t.Errorf("a declined survey is there: %d %s", status, raw)
	}
	id := w.accepted(strings.Replace(survey, `"text":`, `"nationalId":"197602102381","name":"Disa","text":`, 1))
	var recorded events.ContactRecorded
	w.next(events.TypeContactRecorded, &recorded)
	if recorded.Sealed != nil || recorded.Contact.String() != id {
		t.Errorf("%+v", recorded)
	}
	if status, raw := w.as("dpo", af, "GET", "/v1/contacts/"+id, ""); status != 200 || bytes.Contains(raw, []byte("197602")) || bytes.Contains(raw, []byte("Disa")) {
		t.Errorf("%s", raw)
	}
}

// STH-05, STH-11
func TestFeedbackIsContactDataWithConsentAndALetterOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const sth = "stockholm-labour-market-board"
	const feedback = `{"id":"f1","kind":"contact","authority":"stockholm-labour-market-board","channel":"feedback","identified":false,"consent":true,
		"at":"2024-01-31T14:10:00+01:00","endedAt":"2024-01-31T14:10:00+01:00","fields":{"name":"Disa Kanariefem","email":"disa@example.se","text":"longer opening hours"}}`
	type answer struct {
		ID, Document    string
		Stored, Dropped []string
	}
	send := func(body string) (a answer, raw []byte) {
		t.Helper()
		status, raw := w.as("channel", sth, "POST", "/v1/contacts", body)
		if status != 201 {
			t.Fatalf("%d %s", status, raw)
		}
		must(t, json.Unmarshal(raw, &a))
		return a, raw
	}
	see := func(id string) string {
		t.Helper()
		status, raw := w.as("dpo", sth, "GET", "/v1/contacts/"+id, "")
		if status != 200 {
			t.Fatalf("%d %s", status, raw)
		}
		return string(raw)
	}
	said, first := send(feedback)
	if fmt.Sprint(said.Stored, said.Dropped) != "[name email endedAt text] []" && fmt.Sprint(said.Stored, said.Dropped) != "[email name endedAt text] []" || said.Document == "" || said.Document == said.ID {
		t.Fatalf("%s", first)
	}
	sender, letter := see(said.ID), see(said.Document)
	if !strings.Contains(sender, "Kanariefem") || strings.Contains(sender, "opening") || !strings.Contains(sender, `"category":"contact.feedback"`) {
		t.Errorf("%s", sender)
	}
	if strings.Contains(letter, "Kanariefem") || strings.Contains(letter, "disa@") || strings.Contains(letter, said.ID) || !strings.Contains(letter, "opening") ||
		!strings.Contains(letter, `"category":"contact.feedback-document"`) {
		t.Errorf("%s", letter)
	}
	before := w.rows()
	if _, again := send(feedback); !bytes.Equal(again, first) {
		t.Errorf("the same again: %s", again)
	}
	if after := w.rows(); before["contact"] != 2 || after["contact"] != 2 || after["tombstone"] != before["tombstone"] {
		t.Errorf("rows before %v, after %v", before, after)
	}
	for id, without := range map[string]string{"f2": `"consent":false,`, "f3": ``} {
		body := strings.NewReplacer(`"consent":true,`, without, `"f1"`, `"`+id+`"`).Replace(feedback)
		said, raw := send(body)
		if fmt.Sprint(said.Dropped) != "[email name]" || strings.Contains(see(said.ID)+see(said.Document), "Kanariefem") {
			t.Errorf("%s", raw)
		}
	}
}
