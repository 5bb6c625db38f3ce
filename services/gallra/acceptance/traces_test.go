package acceptance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
	"gallra.se/services/gallra/internal/needles"
)

// ofFrida is what the lines of the traced life hold about Frida and her chat.
var ofFrida = []string{frida, "Frida Kanarie", "Provgatan 8", "+46701740611", "AF-TRACED-1", "evening course in welding", "stray-text-where-an-id-belongs", "192.0.2.77"}

// tracedLife hands in one life with a traceparent on the chat, and stops the system.
func tracedLife(t *testing.T, spans *collected, parent string) {
	t.Helper()
	system, err := launch.Start(t.Context(), launch.Options{Dir: dataDir(t), Env: spans.env(),
		Args: []string{"--clock=simulated=2021-10-04", "--recipient=SE-KFM=" + recipientOf(t)}})
	if err != nil {
		t.Fatal(err)
	}
	defer system.Stop()
	api, err := system.Client()
	if err != nil {
		t.Fatal(err)
	}
	l := life{t, api}
	who := map[string]any{"nationalId": frida, "name": ofFrida[1], "address": ofFrida[2]}
	l.hands("2021-10-04 09:00", "/v1/persons", map[string]any{"kind": "person.registered", "person": who})
	l.hands("2021-10-04 09:05", "/v1/cases", map[string]any{"kind": "case.opened", "case": ofFrida[4], "type": "job-seeking", "persons": []string{frida}})
	l.at("2021-10-05 10:00")
	chat := map[string]any{"kind": "contact", "id": "traced chat", "authority": authority, "channel": "chat", "identified": true,
		"at": "2021-10-05T10:00:00+02:00", "startedAt": "2021-10-05T09:40:00+02:00", "endedAt": "2021-10-05T10:00:00+02:00",
		"fields": map[string]string{"text": "Call me: " + ofFrida[3], "ipAddress": "192.0.2.77", "name": ofFrida[1], "nationalId": frida},
		"note":   map[string]any{"case": ofFrida[4], "text": "Asks about an " + ofFrida[5] + ".", "relevant": true}}
	body, err := json.Marshal(chat)
	if err != nil {
		t.Fatal(err)
	}
	if said := send(t, api, http.MethodPost, "/v1/contacts", body, parent); said != http.StatusCreated {
		t.Fatalf("the chat was answered %d", said)
	}
	send(t, api, http.MethodGet, "/v1/contacts/"+frida, nil, "")
	send(t, api, http.MethodGet, "/v1/cases/"+ofFrida[6]+"?name=Frida+Kanarie", nil, "")
	send(t, api, http.MethodPost, "/v1/contacts", append(body, '}'), "")
	ask := `{"recipient":"SE-KFM","authority":"` + authority + `","nationalId":"` + frida + `","mode":"direct","fields":["name"]}`
	send(t, api, http.MethodPost, "/v1/disclosures", []byte(ask), "")
	l.hands("2021-11-01 09:00", "/v1/cases", map[string]any{"kind": "case.closed", "case": ofFrida[4], "effective": "2021-11-01", "reason": "employment"})
	l.at("2021-12-01 00:00") // the chat has gone by then
}

// recipientOf takes deliveries, which must not say what trace they belong to.
func recipientOf(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Traceparent") != "" {
			t.Error("a recipient was told of a trace")
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// send asks with a traceparent, which tells of nobody; tracestate is another thing.
func send(t *testing.T, api *client.Client, method, path string, body []byte, parent string) int {
	t.Helper()
	header := client.JSON()
	header.Set("Traceparent", parent)
	header.Set("Tracestate", "who=Frida Kanarie")
	answer, err := api.Do(t.Context(), client.Call{Authority: authority, Method: method, Path: path, Header: header, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Status
}

func TestAContactIsOneTraceThroughTheServicesAndNobodyIsInIt(t *testing.T) {
	t.Parallel()
	const id = "0af7651916cd43dd8448eb211c80319c"
	spans := newCollector(t)
	tracedLife(t, spans, "00-"+id+"-b7ad6b7169203331-01")
	found := spans.inTrace(id)
	for _, want := range []string{
		"intake: POST /v1/contacts", "intake: append EV_CONTACT",
		"retention-timer: apply se.gallra.contact.recorded.v1", "case-linker: apply se.gallra.contact.noted.v1",
		"case-linker: append EV_CASE", "intake: apply se.gallra.contact.linked.v1", "intake: apply se.gallra.clock.started.v1",
	} {
		if !found[want] {
			t.Errorf("%s is not part of the contact's trace: %v", want, found)
		}
	}
	names := map[string]bool{}
	for _, s := range spans.spans {
		names[s.Name] = true
		if s.Service == "statistics-pseudonymiser" || strings.Contains(s.Name, "statistics") || s.Service == "" || s.Instance == "" {
			t.Errorf("%+v", s)
		}
	}
	for _, want := range []string{"dispose", "deliver SE-KFM", "answer ask.case-linker.resolve", "GET /v1/contacts/{id}", "POST /v1/disclosures"} {
		if !names[want] {
			t.Errorf("there is no span %s in %v", want, names)
		}
	}
	nobody(t, spans)
}

// nobody looks for what the lines held in all that was sent.
func nobody(t *testing.T, spans *collected) {
	t.Helper()
	set, err := needles.Compile(ofFrida)
	if err != nil {
		t.Fatal(err)
	}
	all := bytes.Join(spans.bodies, nil)
	finds, err := set.Scan(bytes.NewReader(all), "spans")
	if err != nil || len(finds) > 0 {
		t.Errorf("in %d bytes of spans: %+v %v", len(all), finds, err)
	}
	planted, err := set.Scan(bytes.NewReader(append(all, ofFrida[1]...)), "spans")
	if err != nil || len(planted) != 1 {
		t.Errorf("a planted name was not found: %+v %v", planted, err)
	}
}
