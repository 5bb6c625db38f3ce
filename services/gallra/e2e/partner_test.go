package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/connect"
)

// partner is the other system of these tests.
const partner = "e2e-kund"

// partnerConnects runs the documentation's examples from outside the containers' networks,
// with what `gallra connect add` gives, and shows that a new beginning leaves a partner
// what it was given and `gallra connect revoke` does not.
func partnerConnects(t *testing.T, d deployment) {
	status, out, errs := d.gallra("connect", "add", partner, "--url", d.url, "--json",
		"--publish", "arbetsformedlingen/contact", "--subscribe", "arbetsformedlingen/case.closed")
	var given connect.Given
	if err := json.Unmarshal([]byte(out), &given); status != 0 || err != nil || !given.Live || given.CA == "" {
		t.Fatalf("connect add: %d %v %s%s", status, err, out, errs)
	}
	if answer, err := example(t, "publisher", given.Nats, given.Seed, given.CA); err != nil || !strings.Contains(answer, `"id"`) {
		t.Errorf("the publisher's contact was answered %s %v", answer, err)
	}
	reading := []string{given.Nats, given.Seed, given.Reads[0].Stream, given.Reads[0].Name, given.CA}
	if events, err := example(t, "subscriber", reading...); err != nil || !strings.Contains(events, "case.closed.v1") || strings.Contains(events, "case.opened") {
		t.Errorf("the subscriber reads %.500s %v", events, err)
	}
	tokenIsForContacts(t, d, given)
	again := emptied(t, begin)
	if events, err := example(t, "subscriber", reading...); err != nil || events != "" {
		t.Errorf("after a new beginning the subscriber reads %.500s %v", events, err)
	}
	if status, out, errs := again.gallra("connect", "revoke", partner, "--url", d.url); status != 0 {
		t.Errorf("revoke: %d %s %s", status, out, errs)
	}
	if _, err := example(t, "publisher", given.Nats, given.Seed, given.CA); err == nil {
		t.Error("who was revoked hands in")
	}
}

func example(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	return run(t.Context(), "", "go", append([]string{"run", filepath.Join(root, "docs/examples", name, "main.go")}, args...)...)
}

// tokenIsForContacts hands a contact in over HTTPS, and tries what a partner may not.
func tokenIsForContacts(t *testing.T, d deployment, given connect.Given) {
	t.Helper()
	token, err := os.ReadFile(given.Tokens["arbetsformedlingen"])
	if err != nil {
		t.Fatal(err)
	}
	const contact = `{"id": "partner-1", "kind": "contact", "at": "2040-12-31T09:00:00+01:00", "authority": "arbetsformedlingen", "channel": "phone",
		"identified": false, "startedAt": "2040-12-31T09:00:00+01:00", "endedAt": "2040-12-31T09:00:00+01:00", "line": "national", "fields": {}}`
	for call, want := range map[[2]string]int{
		{http.MethodPost, "/v1/contacts"}: http.StatusCreated,
		{http.MethodPost, "/v1/cases"}:    http.StatusForbidden,
		{http.MethodGet, "/v1/reconcile"}: http.StatusForbidden,
		{http.MethodPost, "/sim/reset"}:   http.StatusForbidden,
	} {
		answer, err := d.api.As(strings.TrimSpace(string(token))).Do(t.Context(),
			client.Call{Method: call[0], Path: call[1], Header: client.JSON(), Body: []byte(contact)})
		if err != nil || answer.Status != want {
			t.Errorf("%v: %d %s %v, want %d", call, answer.Status, answer.Body, err, want)
		}
	}
}
