package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/needles"
)

// canary is what a person who uses every channel of every authority says about themselves, by field.
var canary = map[string]string{
	"name": "Kanarie Allkanalsson", "address": "Kanariegränd 17", "postcode": "99917", "phoneNumber": "+46701740687", "email": "kanarie-allkanal@example.se",
	"text": "kanarie-allkanal asks when the next meeting is", "ipAddress": "192.0.2.187", "deviceType": "kanariephone-xii", "browserType": "kanariebrowser-xii",
	"userId": "kanarieuser-xii", "orgNumber": "556016-0680", "health": "kanarie-allkanal-health", "clickedLinks": "kanarie-allkanal-link",
}

// canaryNumbers are her official test numbers, by country.
var canaryNumbers = map[string]string{"SE": "197609112383", "FI": "030516D9037"}

const elsewise = "kanarie-allkanal-other"

func canaryFor(field, country string) string {
	if field == "nationalId" {
		return canaryNumbers[country]
	}
	if text, ok := canary[field]; ok {
		return text
	}
	return elsewise
}

// everyLine sends a sound line and unsound ones by every channel of every authority. No answer repeats what was sent.
func (w *walk) everyLine(set *needles.Set) {
	w.t.Helper()
	sent, refused := 0, 0
	for _, authority := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(authority)
		for _, channel := range slices.Sorted(maps.Keys(pack.Channels)) {
			for _, identified := range []bool{true, false} {
				for _, line := range canaryLines(pack, channel, identified) {
					sent++
					answer, err := w.as[authority].Do(w.t.Context(), client.Call{Authority: authority, Method: http.MethodPost, Path: "/v1/contacts",
						Header: client.JSON(), Body: line})
					if err != nil || answer.Status >= http.StatusInternalServerError {
						w.t.Fatalf("%s %s: %v %d", authority, channel, err, answer.Status)
					}
					if !answer.OK() {
						refused++
					}
					if found := in(w.t, set, answer.Body); len(found) > 0 {
						w.t.Errorf("%s %s: the answer (%d) repeats what was sent, as %s", authority, channel, answer.Status, found[0].Form)
					}
					var said struct{ ID string }
					if channel == "feedback" && answer.OK() && answer.Into(&said) == nil {
						w.given = append(w.given, said.ID)
					}
				}
			}
		}
	}
	if sent < 100 || refused < 60 || refused > sent*9/10 {
		w.t.Errorf("of %d lines %d were refused: this test shows too little", sent, refused)
	}
}

// unmeasured shows that no metric tells of her.
func (w *walk) unmeasured(set *needles.Set) {
	w.t.Helper()
	for _, service := range []string{"intake", "case-linker", "retention-timer", "disclosure", "ledger", "console", "statistics-pseudonymiser"} {
		answer, err := w.as[agency].Do(w.t.Context(), client.Call{Method: http.MethodGet, Path: "/metrics/" + service})
		if err != nil || !answer.OK() {
			w.t.Fatalf("metrics of %s: %v %d", service, err, answer.Status)
		}
		if found := in(w.t, set, answer.Body); len(found) > 0 {
			w.t.Errorf("metrics of %s tell of her, as %s", service, found[0].Form)
		}
	}
}

// untraced shows that no trace tells of her.
func untraced(t *testing.T, set *needles.Set, spans *collected) {
	t.Helper()
	spans.mu.Lock()
	traces := bytes.Join(spans.bodies, nil)
	spans.mu.Unlock()
	if len(traces) == 0 {
		t.Error("there are no traces to look into")
	}
	if found := in(t, set, traces); len(found) > 0 {
		t.Errorf("a trace tells of her, as %s", found[0].Form)
	}
}

// canaryLines are a sound line with every field that the pack knows, and unsound ones.
func canaryLines(pack *policy.Pack, channel string, identified bool) (lines [][]byte) {
	fields := map[string]string{}
	for _, name := range pack.Fields {
		fields[name] = canaryFor(name, pack.Country)
	}
	line := map[string]any{"kind": "contact", "id": fmt.Sprintf("canary-%s-%s-%t", pack.Authority, channel, identified), "authority": pack.Authority,
		"channel": channel, "identified": identified, "at": "2025-03-03T10:00:00Z", "startedAt": "2025-03-03T09:40:00Z", "endedAt": "2025-03-03T10:00:00Z",
		"fields": fields}
	say := func(change func(line map[string]any)) {
		copied := maps.Clone(line)
		change(copied)
		text, _ := json.Marshal(copied)
		lines = append(lines, text)
	}
	say(func(map[string]any) {})
	say(func(l map[string]any) {
		l["fields"] = onlyFields(fields, "nationalId", "name", "text", "email", "phoneNumber")
	})
	say(func(l map[string]any) { l["fields"] = withField(fields, "text", strings.Repeat(canary["text"], 1<<14)) })
	say(func(l map[string]any) { l["fields"] = withField(fields, "nationalId", canary["name"]) })
	say(func(l map[string]any) { l["fields"] = withField(fields, "name", canary["name"]+"\u202e") })
	say(func(l map[string]any) { l["endedAt"] = canary["text"] })
	say(func(l map[string]any) { l["channel"] = canary["text"] })
	say(func(l map[string]any) { l["id"] = canary["text"] + "\r\nX-Header: 1" })
	say(func(l map[string]any) {
		l["note"] = map[string]any{"case": canary["text"], "text": canary["text"], "relevant": true}
	})
	return append(lines, append(bytes.Clone(lines[0]), canary["text"]...))
}

func onlyFields(fields map[string]string, names ...string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		if text, ok := fields[name]; ok {
			out[name] = text
		}
	}
	return out
}

func withField(fields map[string]string, name, text string) map[string]string {
	out := maps.Clone(fields)
	out[name] = text
	return out
}

func canaries(t *testing.T) *needles.Set {
	t.Helper()
	all := []string{elsewise, "Allkanalsson", "kanarie-allkanal"}
	for _, name := range []string{"name", "address", "phoneNumber", "email", "ipAddress", "deviceType", "browserType", "userId"} {
		all = append(all, canary[name])
	}
	set, err := needles.Compile(append(all, slices.Collect(maps.Values(canaryNumbers))...))
	if err != nil {
		t.Fatal(err)
	}
	if len(in(t, set, []byte("before "+canary["name"]+" after"))) == 0 {
		t.Fatal("a canary that is there is not found")
	}
	return set
}

func in(t *testing.T, set *needles.Set, text []byte) []needles.Find {
	t.Helper()
	finds, err := set.Scan(bytes.NewReader(text), "answer")
	if err != nil {
		t.Fatal(err)
	}
	return finds
}
