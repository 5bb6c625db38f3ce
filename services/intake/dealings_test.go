package intake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/events"
)

// dealt calls with a role and returns the whole answer.
func (w *world) dealt(role, authority, method, path, body string) reply {
	w.t.Helper()
	response, raw := w.asking(role, authority, method, path, body)
	r := reply{Status: response.StatusCode, Header: response.Header}
	if len(raw) > 0 {
		must(w.t, json.Unmarshal(raw, &r.Body))
	}
	return r
}

// refused checks what is said against each request, and that none of them left anything.
func (w *world) refused(requests map[string]refusable) {
	w.t.Helper()
	w.settle()
	before := w.rows()
	for name, c := range requests {
		r := w.dealt(c.role, c.authority, "POST", c.path, c.body)
		if r.Status != c.status || refusalOf(r) != c.refusal {
			w.t.Errorf("%s: %d %v, want %d %s", name, r.Status, r.Body, c.status, c.refusal)
		}
	}
	w.settle()
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		w.t.Errorf("what was refused left something: %s", diff)
	}
}

type refusable struct {
	role, authority, path, body string
	status                      int
	refusal                     string
}

const feedDay = `"at":"2024-01-31T10:00:00+01:00"`

// AFG-46
func TestAFeedIsTakenFromAListedSourceAndItsFieldsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for source, stored := range map[string][]any{
		"SE-SKV":        {"address", "municipality", "name", "nationalId", "postcode", "endedAt"},
		"SE-LEV-kurs-1": {"attendance", "nationalId", "endedAt"},
	} {
		body := fmt.Sprintf(`{"id":"d-1-%[1]s","source":%[1]q,"person":{"nationalId":"900101-2385"},%s,"fields":{"name":"Anna Kanarie","address":"Gatan 1",
			"postcode":"11122","municipality":"0180","attendance":"2024-01-30","health":"canary-health"}}`, source, feedDay)
		r := w.dealt("channel", af, "POST", "/v1/feeds", body)
		if r.Status != http.StatusCreated || r.Body["noticeVersion"] == "" || r.Body["noticeUrl"] == "" {
			t.Errorf("%s: %d %v", source, r.Status, r.Body)
		}
		if diff := cmp.Diff(stored, r.Body["stored"]); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
		if dropped, _ := r.Body["dropped"].([]any); !strings.Contains(fmt.Sprint(dropped), "health") {
			t.Errorf("%s: %v", source, dropped)
		}
		var told events.ContactRecorded
		if w.next(events.TypeContactRecorded, &told); told.Category != "contact.feed" || told.EndedOn != "2024-01-31" || told.Sealed == nil {
			t.Errorf("%s: %+v", source, told)
		}
		seen := w.read(r.Body["id"]).Body
		if fields, _ := seen["fields"].(map[string]any); fields["nationalId"] != "199001012385" || seen["source"] != source {
			t.Errorf("%s: %v", source, seen)
		}
		if again := w.dealt("channel", af, "POST", "/v1/feeds", body); again.Body["id"] != r.Body["id"] || again.Header.Get("Gallra-Duplicate") != "true" {
			t.Errorf("%s again: %d %v", source, again.Status, again.Body)
		}
	}
	one := `{"id":"d-1-SE-SKV","source":"SE-SKV","person":{"nationalId":"199001012385"},"fields":{"name":"Beda"},` + feedDay + `}`
	feed := func(edit ...string) string {
		return strings.NewReplacer(append(edit, "d-1-SE-SKV", "d-2")...).Replace(one)
	}
	w.refused(map[string]refusable{
		"an unknown source":         {"channel", af, "/v1/feeds", feed("SE-SKV\",", "SE-XYZ\","), 403, "denied (AFG-46)"},
		"a source in other letters": {"channel", af, "/v1/feeds", feed("\"SE-SKV\",", "\"SE-\u0405KV\","), 403, "denied (AFG-46)"},
		"the person herself":        {"channel", af, "/v1/feeds", feed("\"SE-SKV\",", "\"subject\","), 403, "denied (AFG-46)"},
		"no source":                 {"channel", af, "/v1/feeds", feed("\"SE-SKV\",", "\"\","), 422, "missing-field (source)"},
		"nobody":                    {"channel", af, "/v1/feeds", feed("199001012385", ""), 422, "missing-field (nationalId)"},
		"a number that is none":     {"channel", af, "/v1/feeds", feed("199001012385", "199001012386"), 422, "invalid-national-id (nationalId)"},
		"a field that nobody knows": {"channel", af, "/v1/feeds", feed("\"name\"", "\"shoeSize\""), 422, "unknown-field (shoeSize)"},
		"a key that there is not":   {"channel", af, "/v1/feeds", feed("\"at\"", "\"when\""), 422, "unknown-field (when)"},
		"another day of the week":   {"channel", af, "/v1/feeds", feed("2024-01-31T10", "2024-02-31T10"), 422, "invalid-time (at)"},
		"tomorrow":                  {"channel", af, "/v1/feeds", feed("2024-01-31T10", "2024-02-01T10"), 422, "invalid-time (at)"},
		"another content":           {"channel", af, "/v1/feeds", one, 409, "conflicting-duplicate"},
		"half a body":               {"channel", af, "/v1/feeds", one[:40], 400, "not-json"},
		"too much":                  {"channel", af, "/v1/feeds", feed("Beda", strings.Repeat("x", 1<<20)), 413, "too-large"},
		"an officer":                {"case-officer", af, "/v1/feeds", feed(), 403, "forbidden"},
		"an authority without":      {"channel", tek, "/v1/feeds", feed(), 422, "unknown-channel"},
	})
}

const invoice = `{"id":"i-1","supplier":{"name":"Kursbolaget AB","orgNumber":"556677-0011"},"performedBy":"Teacher Testsson",` + feedDay + `,"fields":{"amount":1200,"invoiceNumber":"77","text":"course in March"}}`

// AFG-22, AFG-23, AFG-24
func TestAnInvoiceNamesWhoDidTheWorkAndNobodyWhoTookPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.dealt("channel", af, "POST", "/v1/invoices", invoice)
	if diff := cmp.Diff([]any{"amount", "invoiceNumber", "name", "orgNumber", "performedBy"}, r.Body["stored"]); diff != "" || r.Status != http.StatusCreated {
		t.Fatalf("%d %v %s", r.Status, r.Body, diff)
	}
	if diff := cmp.Diff([]any{"text"}, r.Body["dropped"]); diff != "" || r.Body["noticeVersion"] == "" {
		t.Error(diff)
	}
	var told events.ContactRecorded
	if w.next(events.TypeContactRecorded, &told); told.Category != "finance.invoice" || told.Sealed != nil || told.Identified {
		t.Errorf("%+v", told)
	}
	seen := w.read(r.Body["id"]).Body
	want := map[string]any{"amount": "1200", "invoiceNumber": "77", "name": "Kursbolaget AB", "orgNumber": "556677-0011", "performedBy": "Teacher Testsson"}
	if diff := cmp.Diff(want, seen["fields"]); diff != "" || seen["source"] != "supplier" {
		t.Error(diff, seen)
	}
	again := w.dealt("admin", af, "POST", "/v1/invoices", invoice)
	if again.Body["id"] != r.Body["id"] || again.Header.Get("Gallra-Duplicate") != "true" {
		t.Errorf("again: %d %v", again.Status, again.Body)
	}
	edit := func(edits ...string) string {
		return strings.NewReplacer(append(edits, "i-1", "i-2")...).Replace(invoice)
	}
	sole := w.dealt("channel", af, "POST", "/v1/invoices", edit("Kursbolaget AB", "Ensam Snickeri", "556677-0011", "020928-2391"))
	if fields, _ := w.read(sole.Body["id"]).Body["fields"].(map[string]any); fields["orgNumber"] != "200209282391" {
		t.Errorf("a sole trader: %d %v %v", sole.Status, sole.Body, fields)
	}
	edit = func(edits ...string) string {
		return strings.NewReplacer(append(edits, "i-1", "i-3")...).Replace(invoice)
	}
	w.refused(map[string]refusable{
		"a number in the text":              {"channel", af, "/v1/invoices", edit("course in March", "participant 199201252385"), 422, "invalid-field (AFG-24)"},
		"a number in ten digits":            {"channel", af, "/v1/invoices", edit("course in March", "920125-2385"), 422, "invalid-field (AFG-24)"},
		"a number with spaces":              {"channel", af, "/v1/invoices", edit("course in March", "1992 01 25 2385"), 422, "invalid-field (AFG-24)"},
		"a number in wide digits":           {"channel", af, "/v1/invoices", edit("course in March", "１９９２０１２５２３８５"), 422, "invalid-field (AFG-24)"},
		"a number as the amount":            {"channel", af, "/v1/invoices", edit(`1200`, `199201252385`), 422, "invalid-field (AFG-24)"},
		"a number as the invoice's own":     {"channel", af, "/v1/invoices", edit(`"77"`, `"9201252385"`), 422, "invalid-field (AFG-24)"},
		"a number behind the worker's name": {"channel", af, "/v1/invoices", edit("Testsson", "Testsson 920125-2385"), 422, "invalid-field (AFG-24)"},
		"a number behind the firm's name":   {"channel", af, "/v1/invoices", edit("Kursbolaget AB", "Kursbolaget 920125-2385"), 422, "invalid-field (AFG-24)"},
		"a participant's number":            {"channel", af, "/v1/invoices", edit(`"text"`, `"nationalId"`), 422, "invalid-field (AFG-24)"},
		"a participant's address":           {"channel", af, "/v1/invoices", edit(`"text"`, `"address"`), 422, "invalid-field (AFG-24)"},
		"a participant's attendance":        {"channel", af, "/v1/invoices", edit(`"text"`, `"attendance"`), 422, "invalid-field (AFG-24)"},
		"a field that nobody knows":         {"channel", af, "/v1/invoices", edit(`"text"`, `"shoeSize"`), 422, "unknown-field (shoeSize)"},
		"a second name":                     {"channel", af, "/v1/invoices", edit(`"text"`, `"name"`), 422, "invalid-field (name)"},
		"a list":                            {"channel", af, "/v1/invoices", edit(`1200`, `[1200]`), 422, "invalid-field (amount)"},
		"no supplier":                       {"channel", af, "/v1/invoices", edit("556677-0011", ""), 422, "missing-field (orgNumber)"},
		"a company number that is none":     {"channel", af, "/v1/invoices", edit("556677-0011", "55"), 422, "invalid-field (orgNumber)"},
		"a trader who could be real":        {"channel", af, "/v1/invoices", edit("556677-0011", "199001012377"), 422, "invalid-field (orgNumber)"},
		"no time":                           {"channel", af, "/v1/invoices", edit("2024-01-31T10:00:00+01:00", "yesterday"), 422, "invalid-time (at)"},
		"another content":                   {"channel", af, "/v1/invoices", strings.Replace(invoice, "1200", "1300", 1), 409, "conflicting-duplicate"},
		"an officer":                        {"case-officer", af, "/v1/invoices", edit(), 403, "forbidden"},
		"an authority without":              {"channel", tek, "/v1/invoices", edit(), 422, "unknown-channel"},
	})
}

// A contact line and a delivery may bear the same id: they are two things.
func TestTheIdsOfTheDoorsAreNotEachOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := map[any]bool{}
	for _, r := range []reply{
		w.dealt("channel", af, "POST", "/v1/contacts", lineOf(af, "phone", "i-1", "2024-01-31T10:00:00+01:00", `"phoneNumber":"1"`)),
		w.dealt("channel", af, "POST", "/v1/invoices", invoice),
		w.dealt("channel", af, "POST", "/v1/feeds", `{"id":"i-1","source":"SE-SKV","person":{"nationalId":"199001012385"},"fields":{},`+feedDay+`}`),
	} {
		if r.Status != http.StatusCreated || r.Header.Get("Gallra-Duplicate") != "" {
			t.Errorf("%d %v", r.Status, r.Body)
		}
		ids[r.Body["id"]] = true
	}
	if len(ids) != 3 {
		t.Errorf("%v", ids)
	}
}
