package intake_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/seal"
)

const call = `{"id":"call-1","kind":"contact","at":"2024-01-31T14:12:00+01:00","authority":"arbetsformedlingen","channel":"phone",
	"identified":true,"startedAt":"2024-01-31T14:05:00+01:00","endedAt":"2024-01-31T14:12:00+01:00","line":"0771-416416",
	"fields":{"phoneNumber":"070-1740605","name":"Anna Kanarie","nationalId":"199001012385","text":"canary-words"},
	"note":{"case":"CASE-77-42","text":"canary-note","relevant":true}}`

func line(edits ...string) string { return strings.NewReplacer(edits...).Replace(call) }

// oneLine is the line as NDJSON and binary events need it.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestAnIdentifiedCallIsKeptMinimisedAndTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.post(call)
	if r.Status != http.StatusCreated {
		t.Fatalf("%d %v", r.Status, r.Body)
	}
	if diff := cmp.Diff([]any{"name", "nationalId", "phoneNumber", "endedAt", "line"}, r.Body["stored"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"text"}, r.Body["dropped"]); diff != "" || r.Body["noticeVersion"] == "" || r.Body["noticeUrl"] == "" {
		t.Error(diff, r.Body)
	}

	var recorded events.ContactRecorded
	e := w.next(events.TypeContactRecorded, &recorded)
	if recorded.Contact.String() != r.Body["id"] || recorded.Category != "contact.phone-log" || recorded.EndedOn != "2024-01-31" || !recorded.Identified {
		t.Errorf("recorded %+v", recorded)
	}
	if key := e.Extensions()["partitionkey"]; key != r.Body["id"] {
		t.Errorf("partition key %v", key)
	}
	var noted events.ContactNoted
	w.next(events.TypeContactNoted, &noted)
	plain, err := seal.Open(w.linkerKey, events.NotedAAD(af, noted.Note), noted.Sealed)
	must(t, err)
	var note events.SealedNote
	must(t, json.Unmarshal(plain, &note))
	if diff := cmp.Diff(events.SealedNote{Case: "CASE-77-42", Text: "canary-note", NationalID: "199001012385"}, note); diff != "" {
		t.Error(diff)
	}

	seen := w.read(r.Body["id"])
	want := map[string]any{"name": "Anna Kanarie", "nationalId": "199001012385", "phoneNumber": "070-1740605"}
	if diff := cmp.Diff(want, seen.Body["fields"]); diff != "" || seen.Body["line"] != "0771-416416" {
		t.Error(diff, seen.Body)
	}
}

func TestNothingPersonalLiesInADatabaseInTheClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accepted(call)
	for _, db := range []*pgxpool.Pool{w.db, w.keys} {
		conn, err := db.Acquire(t.Context())
		must(t, err)
		for _, name := range tables(t, db) {
			var all bytes.Buffer
			_, err := conn.Conn().PgConn().CopyTo(t.Context(), &all, "COPY (SELECT * FROM "+name+") TO STDOUT (FORMAT binary)")
			must(t, err)
			for _, needle := range []string{"Kanarie", "199001012385", "1740605", "canary", "CASE-77-42", "call-1", "0771"} {
				if bytes.Contains(all.Bytes(), []byte(needle)) {
					t.Errorf("table %s holds %q", name, needle)
				}
			}
		}
		conn.Release()
	}
}

func TestEveryChannelLeavesWhatItsRuleAllows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name, line, category string
		stored               []any
	}{
		{"anonymous call", line("call-1", "a", `"identified":true`, `"identified":false`), "contact.phone-log", []any{"phoneNumber", "endedAt", "line"}},
		{"chat", line("call-1", "b", `"phone"`, `"chat"`, `"phoneNumber":"070-1740605"`, `"ipAddress":"192.0.2.1"`), "contact.chat", []any{"ipAddress", "name", "nationalId", "text", "endedAt"}},
		{"anonymous chat", line("call-1", "c", `"phone"`, `"chat"`, `"identified":true`, `"identified":false`), "contact.chat", []any{"text", "endedAt"}},
		{"e-mail", line("call-1", "d", af, "te-customer-service", `"phone"`, `"email"`, "199001012385", "250777-9720"), "contact.email", []any{"name", "nationalId", "phoneNumber", "text", "endedAt"}},
		{"chatbot", line("call-1", "e", `"phone"`, `"chatbot"`), "", []any{}},
	} {
		r := w.post(c.line)
		if r.Status != http.StatusCreated {
			t.Fatalf("%s: %d %v", c.name, r.Status, r.Body)
		}
		if diff := cmp.Diff(c.stored, r.Body["stored"]); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if c.category == "" {
			continue
		}
		var recorded events.ContactRecorded
		if w.next(events.TypeContactRecorded, &recorded); recorded.Category != c.category {
			t.Errorf("%s is recorded as %s", c.name, recorded.Category)
		}
		if strings.Contains(c.line, `"identified":true`) {
			w.next(events.TypeContactNoted, &events.ContactNoted{})
		}
	}
	m, err := w.nc.Request("ask.intake.summary", nil, 5*time.Second)
	must(t, err)
	var got any
	must(t, json.Unmarshal(m.Data, &got))
	want := map[string]any{
		"dropped":  map[string]any{"name": 2., "nationalId": 2., "text": 1., "phoneNumber": 1.},
		"stored":   map[string]any{"contact.phone-log": 1., "contact.chat": 2., "contact.email": 1.},
		"living":   map[string]any{"contact.phone-log": 1., "contact.chat": 2., "contact.email": 1.},
		"counters": map[string]any{"calls/2024-01": 1., "chatbot/2024-01": 1.},
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Error(diff)
	}
	if n := w.rows()["contact"]; n != 4 {
		t.Errorf("%d contacts, want 4: the chatbot stores nothing", n)
	}
}

func TestALineComesInByEveryDoorAndIsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(call)
	structured := `{"specversion":"1.0","id":"x","source":"/test","type":"se.gallra.input.contact.v1","datacontenttype":"application/json","data":` + call + `}`
	ce := map[string]string{"Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": "x", "ce-source": "/test", "ce-type": "se.gallra.input.contact.v1"}
	for name, r := range map[string]reply{
		"json":       w.post(oneLine(call)),
		"structured": w.call("POST", "/v1/contacts", af, map[string]string{"Content-Type": "application/cloudevents+json; charset=utf-8"}, structured),
		"binary":     w.call("POST", "/v1/contacts", af, ce, call),
		"nats":       w.request("in."+af+".contact", call),
	} {
		if r.Status != http.StatusCreated || r.Body["id"] != id || r.Header.Get("Gallra-Duplicate") != "true" {
			t.Errorf("%s: %d %v %v", name, r.Status, r.Header, r.Body)
		}
	}
}

func TestAStreamIsAnsweredLineByLineInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := oneLine(call)
	body := strings.Join([]string{first, "", first, `{"id":`, oneLine(line("Anna", "Beda")), oneLine(line("call-1", "call-2")),
		oneLine(line("call-1", "call-3", "canary-note", strings.Repeat("x", 2<<20))), oneLine(line("call-1", "call-4"))}, "\n")
	answers := w.stream(body)
	if len(answers) != 7 {
		t.Fatalf("%d answers, want 7", len(answers))
	}
	for i, want := range []string{"201", "201 duplicate", "not-json", "conflicting-duplicate", "201", "too-large", "201"} {
		if got := short(answers[i]); got != want {
			t.Errorf("line %d: %s, want %s", i, got, want)
		}
	}
	if answers[0]["id"] != answers[1]["id"] {
		t.Error("a repeat in the same batch has another id")
	}
}

func TestWhatComesByAWrongDoorIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.rows()
	json := map[string]string{"Content-Type": "application/json"}
	for name, c := range map[string]struct {
		reply  reply
		status int
		reason string
	}{
		"another authority's token":   {w.call("POST", "/v1/contacts", "te-customer-service", json, call), 403, "forbidden"},
		"another authority's subject": {w.request("in.te-customer-service.contact", call), 403, "forbidden"},
		"xml":                         {w.call("POST", "/v1/contacts", af, map[string]string{"Content-Type": "text/xml"}, call), 415, "unsupported-media-type"},
		"latin-1":                     {w.call("POST", "/v1/contacts", af, map[string]string{"Content-Type": "application/json; charset=latin1"}, call), 415, "unsupported-media-type"},
		"a body over the limit":       {w.call("POST", "/v1/contacts", af, json, strings.Repeat(" ", 1<<20)+call), 413, "too-large"},
		"half a line":                 {w.call("POST", "/v1/contacts", af, json, call[:100]), 400, "not-json"},
		"an unroutable line":          {w.request("in.unknown.contact", line(af, "ministry-of-magic")), 422, "unknown-authority"},
		"an unroutable kind":          {w.request("in.unknown.contact", `{"kind":"thing","id":"x"}`), 422, "missing-field"},
		"no number":                   {w.post(line(`"nationalId":"199001012385",`, "")), 422, "missing-field"},
	} {
		if c.reply.Status != c.status || c.reply.Body["reason"] != c.reason {
			t.Errorf("%s: %d %v", name, c.reply.Status, c.reply.Body)
		}
	}
	w.settle()
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		t.Errorf("a refused line left something: %s", diff)
	}
}

func (w *world) request(subject, body string) reply {
	w.t.Helper()
	m, err := w.nc.Request(subject, []byte(body), 20*time.Second)
	must(w.t, err)
	r := reply{Status: http.StatusCreated, Header: http.Header(m.Header)}
	must(w.t, json.Unmarshal(m.Data, &r.Body))
	if m.Header.Get(bus.HeaderProblem) != "" {
		r.Status = int(r.Body["status"].(float64))
	}
	return r
}

func (w *world) stream(body string) (answers []map[string]any) {
	w.t.Helper()
	raw := w.raw("/v1/contacts", "application/x-ndjson", body)
	lines := json.NewDecoder(bytes.NewReader(raw))
	for lines.More() {
		var one map[string]any
		must(w.t, lines.Decode(&one))
		answers = append(answers, one)
	}
	return answers
}

func short(answer map[string]any) string {
	if reason, refused := answer["reason"].(string); refused {
		return reason
	}
	if answer["duplicate"] == true {
		return "201 duplicate"
	}
	return "201"
}
