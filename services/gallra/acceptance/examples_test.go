package acceptance

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// examplesRun runs the examples of the documentation as outsiders would, with what
// `gallra connect add` gives them.
func examplesRun(t *testing.T, system *launch.System, api *client.Client) {
	t.Helper()
	given := connected(t, system, "kund-1", "--publish", "arbetsformedlingen/contact", "--subscribe", "arbetsformedlingen/case.closed")
	if answer := example(t, "publisher", given.Nats, given.Seed); !strings.Contains(answer, `"id"`) {
		t.Errorf("the publisher's contact was answered %s", answer)
	}
	reading := []string{given.Nats, given.Seed, given.Reads[0].Stream, given.Reads[0].Name}
	if events := example(t, "subscriber", reading...); !strings.Contains(events, "case.closed.v1") || strings.Contains(events, "case.opened") {
		t.Errorf("the subscriber reads %.2000s", events)
	}
	if again := example(t, "subscriber", reading...); strings.Contains(again, "case.closed") {
		t.Errorf("what was acknowledged comes again: %.500s", again)
	}
	example(t, "analyst", given.Nats, embedded.Layout{Dir: system.Dir}.Seed("analyst"))
	channelByHTTP(t, system, api, given)
	if status, out, errs := gallraFor(t, system, "connect", "revoke", "kund-1"); status != 0 || !strings.Contains(out, "ATTENTION") {
		t.Errorf("revoke: %d %s %s", status, out, errs)
	}
	if _, err := exec.CommandContext(t.Context(), "go", exampleArgs("publisher", given.Nats, given.Seed)...).CombinedOutput(); err == nil {
		t.Error("who was revoked hands in")
	}
}

// connected adds a partner to a running system.
func connected(t *testing.T, system *launch.System, name string, grants ...string) (given connect.Given) {
	t.Helper()
	status, out, errs := gallraFor(t, system, append([]string{"connect", "add", name, "--json"}, grants...)...)
	if err := json.Unmarshal([]byte(out), &given); status != 0 || err != nil || !given.Live {
		t.Fatalf("connect add: %d %v %s%s", status, err, out, errs)
	}
	return given
}

func exampleArgs(name string, args ...string) []string {
	return append([]string{"run", filepath.Join(root, "docs/examples", name, "main.go")}, args...)
}

func example(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", exampleArgs(name, args...)...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

// channelByHTTP shows that a partner's token is good for what it may hand in, and for
// nothing else.
func channelByHTTP(t *testing.T, system *launch.System, api *client.Client, given connect.Given) {
	t.Helper()
	token, err := os.ReadFile(given.Tokens["arbetsformedlingen"])
	if err != nil {
		t.Fatal(err)
	}
	partner := api.As(strings.TrimSpace(string(token)))
	const contact = `{"id": "partner-1", "kind": "contact", "at": "2040-12-31T09:00:00+01:00", "authority": "arbetsformedlingen", "channel": "phone",
		"identified": false, "startedAt": "2040-12-31T09:00:00+01:00", "endedAt": "2040-12-31T09:00:00+01:00", "line": "national", "fields": {}}`
	for call, want := range map[[2]string]int{
		{http.MethodPost, "/v1/contacts"}:     http.StatusCreated,
		{http.MethodPost, "/v1/cases"}:        http.StatusForbidden,
		{http.MethodGet, "/v1/summary"}:       http.StatusForbidden,
		{http.MethodGet, "/v1/disclosures"}:   http.StatusForbidden,
		{http.MethodGet, "/sim/clock"}:        http.StatusForbidden,
		{http.MethodGet, "/v1/reconcile"}:     http.StatusForbidden,
		{http.MethodGet, "/v1/contacts/none"}: http.StatusForbidden,
	} {
		answer, err := partner.Do(t.Context(), client.Call{Method: call[0], Path: call[1], Header: client.JSON(), Body: []byte(contact)})
		if err != nil || answer.Status != want {
			t.Errorf("%v: %d %s %v, want %d", call, answer.Status, answer.Body, err, want)
		}
	}
}
