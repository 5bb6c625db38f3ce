package intake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/events"
	"gallra.se/libs/seal"
)

const (
	sthlm = "stockholm-labour-market-board"
	tek   = "te-customer-service"
)

// at posts a line of an authority.
func (w *world) at(authority, line string) reply {
	w.t.Helper()
	return w.call("POST", "/v1/contacts", authority, map[string]string{"Content-Type": "application/json"}, line)
}

// lineOf writes a contact line; more are further members.
func lineOf(authority, channel, id, endedAt, fields string, more ...string) string {
	return fmt.Sprintf(`{"id":"%s","kind":"contact","at":%q,"authority":%q,"channel":%q,"endedAt":%q,"fields":{%s}%s}`,
		id, endedAt, authority, channel, endedAt, fields, strings.Join(append([]string{""}, more...), ","))
}

// AFC-01, AFC-04, AFC-05, AFC-18, AFC-30, AFG-03, AFG-05, AFG-13, KSC-05, KSC-19, STH-01, STH-03
func TestEveryRecordSaysWhoseItIsFromWhomByWhichLawAndForWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	identified := `"identified":true`
	number := `"nationalId":"199001012385"`
	for _, c := range []struct {
		name, authority, line, source string
		laws                          []any
	}{
		{"an anonymous call", af, lineOf(af, "phone", "a", "2024-01-31T10:00:00+01:00", `"phoneNumber":"070-1740605"`), "subject",
			[]any{"SFS 2017:900 section 6"}},
		{"a call on the last day of the old instruction", af, lineOf(af, "phone", "b", "2022-09-30T23:59:00+02:00", number, identified), "subject",
			[]any{"SFS 2017:900 section 6", "SFS 2007:1030"}},
		{"a call on the first day of the new one", af, lineOf(af, "phone", "c", "2022-10-01T00:00:00+02:00", number, identified), "subject",
			[]any{"SFS 2017:900 section 6", "SFS 2022:811"}},
		{"a chat, logged in", af, lineOf(af, "chat", "d", "2024-01-31T10:00:00+01:00", number+`,"text":"x"`, identified), "subject",
			[]any{"SFS 2022:811"}},
	} {
		r := w.at(c.authority, c.line)
		if r.Status != http.StatusCreated || r.Body["noticeVersion"] != "2021-01-01" || r.Body["noticeUrl"] != "https://arbetsformedlingen.se/" {
			t.Errorf("%s: %d %v", c.name, r.Status, r.Body)
			continue
		}
		seen := w.call("GET", fmt.Sprint("/v1/contacts/", r.Body["id"]), c.authority, nil, "").Body
		if seen["controller"] != c.authority || seen["source"] != c.source || seen["policy"] != "2021-01-01" {
			t.Errorf("%s: %v", c.name, seen)
		}
		if diff := cmp.Diff(c.laws, seen["legalBasis"]); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if purposes, _ := seen["purposes"].([]any); len(purposes) == 0 {
			t.Errorf("%s is for nothing: %v", c.name, seen)
		}
		if notice, _ := seen["notice"].(map[string]any); notice["version"] != "2021-01-01" || notice["url"] == "" {
			t.Errorf("%s: %v", c.name, notice)
		}
	}
	adviser := w.at(tek, lineOf(tek, "chat", "e", "2024-01-31T10:00:00+02:00", `"text":"x"`, `"source":"adviser"`))
	if seen := w.call("GET", fmt.Sprint("/v1/contacts/", adviser.Body["id"]), tek, nil, "").Body; seen["source"] != "adviser" || seen["controller"] != tek {
		t.Errorf("%d %v %v", adviser.Status, adviser.Body, seen)
	}
}

// AFG-46, KSC-19, STH-07, STH-09, STH-10, STH-12
func TestASourceOrServiceThatNobodyListedIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.rows()
	const day = "2024-01-31T10:00:00+01:00"
	for name, c := range map[string]struct {
		authority, line, refusal string
		status                   int
	}{
		"a call that somebody else tells of":       {af, lineOf(af, "phone", "a", day, `"phoneNumber":"1"`, `"source":"neighbour"`), "denied (AFG-46)", 403},
		"a call that a listed supplier tells of":   {af, lineOf(af, "phone", "b", day, `"phoneNumber":"1"`, `"source":"SE-LEV-1"`), "denied (AFG-46)", 403},
		"a feed of the person":                     {af, lineOf(af, "feed", "c", day, `"nationalId":"199001012385"`, `"identified":true`), "denied (AFG-46)", 403},
		"a feed of nobody on the list":             {af, lineOf(af, "feed", "d", day, `"nationalId":"199001012385"`, `"identified":true`, `"source":"SE-XYZ"`), "denied (AFG-46)", 403},
		"a feed of a supplier without a name":      {af, lineOf(af, "feed", "e", day, `"nationalId":"199001012385"`, `"identified":true`, `"source":"SE-LEV-"`), "denied (AFG-46)", 403},
		"a chat that the employer tells of":        {tek, lineOf(tek, "chat", "f", day, `"text":"x"`, `"source":"employer"`), "denied (KSC-19)", 403},
		"a service that there is not":              {sthlm, lineOf(sthlm, "visit", "g", day, `"nationalId":"199001012385"`, `"identified":true`, `"service":"spa"`), "invalid-field (service)", 422},
		"a service where there are none":           {af, lineOf(af, "phone", "h", day, `"phoneNumber":"1"`, `"service":"job-centre"`), "invalid-field (service)", 422},
		"a source that is no text":                 {af, lineOf(af, "phone", "i", day, `"phoneNumber":"1"`, `"source":7`), "invalid-field (source)", 422},
		"a consent that is no yes or no":           {sthlm, lineOf(sthlm, "feedback", "j", day, `"text":"x"`, `"consent":"yes"`), "invalid-field (consent)", 422},
		"a mailing where there is none":            {af, lineOf(af, "phone", "k", day, `"phoneNumber":"1"`, `"campaign":"june"`), "invalid-field (campaign)", 422},
		"a source of two lines, as a header would": {af, lineOf(af, "phone", "l", day, `"phoneNumber":"1"`, `"source":"subject\nX-Y: z"`), "invalid-text (source)", 422},
	} {
		r := w.at(c.authority, c.line)
		if r.Status != c.status || refusalOf(r) != c.refusal {
			t.Errorf("%s: %d %v", name, r.Status, r.Body)
		}
	}
	w.settle()
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		t.Errorf("a refused line left something: %s", diff)
	}
}

// STH-02, STH-07, STH-10
func TestTwoServicesKeepTwoSetsOfFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fields := `"nationalId":"199001012385","name":"Anna Kanarie","phoneNumber":"08-1","address":"Gatan 1"`
	for service, c := range map[string]struct{ stored, laws []any }{
		"job-centre":      {[]any{"address", "name", "nationalId", "phoneNumber", "endedAt"}, []any{"SFS 2017:725 chapter 2 section 1"}},
		"adult-education": {[]any{"address", "name", "nationalId", "endedAt"}, []any{"SFS 2010:800 chapter 20"}},
	} {
		r := w.at(sthlm, lineOf(sthlm, "visit", service, "2024-01-31T10:00:00+01:00", fields, `"identified":true`, `"service":"`+service+`"`))
		if diff := cmp.Diff(c.stored, r.Body["stored"]); diff != "" {
			t.Errorf("%s: %d %v %s", service, r.Status, r.Body, diff)
		}
		seen := w.call("GET", fmt.Sprint("/v1/contacts/", r.Body["id"]), sthlm, nil, "").Body
		if diff := cmp.Diff(c.laws, seen["legalBasis"]); diff != "" || seen["service"] != service {
			t.Errorf("%s: %s %v", service, diff, seen)
		}
	}
}

// AFC-02, AFC-03, AFC-15, AFG-33, AFG-34
func TestWhoseContactItIsGoesToCaseLinkerSealedAndOnlyWhereSomebodySaidSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const day = "2024-01-31T10:00:00+01:00"
	for _, c := range []struct{ name, line, who string }{
		{"identified", lineOf(af, "phone", "a", day, `"nationalId":"900101-2385"`, `"identified":true`), "199001012385"},
		{"anonymous", lineOf(af, "phone", "b", day, `"phoneNumber":"070-1740605","nationalId":"199001012385"`), ""},
		{"a survey, which is never linked", lineOf(af, "survey", "c", day, `"text":"x"`, `"identified":true`), ""},
	} {
		w.accepted(c.line)
		var told events.ContactRecorded
		e := w.next(events.TypeContactRecorded, &told)
		if c.who == "" {
			if told.Sealed != nil || told.KeyID != "" {
				t.Errorf("%s: somebody is sealed", c.name)
			}
			continue
		}
		plain, err := seal.Open(w.linkerKey, events.RecordedAAD(af, told.Contact), told.Sealed)
		must(t, err)
		var identity events.SealedIdentity
		must(t, json.Unmarshal(plain, &identity))
		if identity.NationalID != c.who || told.KeyID != "case-linker-1" || strings.Contains(string(e.Data()), c.who) {
			t.Errorf("%s: %v", c.name, identity)
		}
	}
}

func refusalOf(r reply) string {
	for _, key := range []string{"rule", "field"} {
		if at, ok := r.Body[key].(string); ok {
			return fmt.Sprintf("%v (%s)", r.Body["reason"], at)
		}
	}
	return fmt.Sprint(r.Body["reason"])
}

// KSC-02, KSC-05, KSC-19: what does not come as a contact line bears the same stamps.
func TestARecordingSaysWhoseItIsAndForWhatToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.set("2024-01-31T14:00:00+02:00")
	const at = `"at":"2024-01-31T13:59:00+02:00"`
	w.dealt("channel", tek, "POST", "/v1/recordings/calls/c-1/notice", `{"line":"national",`+at+`}`)
	begun := w.dealt("channel", tek, "POST", "/v1/recordings", `{"call":"c-1","line":"national","person":{"nationalId":"250777-9720","name":"Oma Kanarie"},`+at+`}`)
	if begun.Status != http.StatusCreated {
		t.Fatalf("%d %v", begun.Status, begun.Body)
	}
	seen := w.call("GET", fmt.Sprint("/v1/contacts/", begun.Body["id"]), tek, nil, "").Body
	purposes := fmt.Sprint(seen["purposes"])
	if laws, _ := seen["legalBasis"].([]any); len(laws) == 0 || seen["controller"] != tek || seen["source"] != "subject" || !strings.Contains(purposes, "complaint") {
		t.Errorf("%v", seen)
	}
}
