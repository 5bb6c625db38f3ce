package e2e

import (
	"net/http"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/client"
)

func TestThePageAndTheHealthOfTheWholeAreAnsweredOverHTTPS(t *testing.T) {
	d := emptied(t, begin)
	for path, says := range map[string]string{"/": "<html", "/readyz": "ok", "/livez": "ok", "/v1/status": `"instances"`} {
		answer, err := d.api.Do(t.Context(), client.Call{Method: http.MethodGet, Path: path})
		if err != nil || !answer.OK() || !strings.Contains(string(answer.Body), says) {
			t.Errorf("%s: %d %v", path, answer.Status, err)
		}
	}
	if answer, err := d.api.Do(t.Context(), client.Call{Method: http.MethodGet, Path: "/metrics/intake"}); err != nil || answer.Status != http.StatusNotFound {
		t.Errorf("metrics are for the inside: %d %v", answer.Status, err)
	}
	if answer, err := client.With(d.url).Do(t.Context(), client.Call{Method: http.MethodGet, Path: "/"}); err == nil {
		t.Errorf("somebody who does not know the CA is answered %d", answer.Status)
	}
}

func TestAServiceThatIsKilledThroughTheSimulationStaysAwayUntilItIsStarted(t *testing.T) {
	d := emptied(t, begin)
	if err := d.api.Kill(t.Context(), "disclosure"); err != nil {
		t.Fatal(err)
	}
	answer, err := d.api.Do(t.Context(), client.Call{Method: http.MethodGet, Path: "/readyz"})
	if err != nil || answer.Status != http.StatusServiceUnavailable || strings.TrimSpace(string(answer.Body)) != "not ready: disclosure" {
		t.Errorf("%d %s %v", answer.Status, answer.Body, err)
	}
	now, err := d.api.Clock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.api.Advance(t.Context(), now.Now.AddDate(0, 1, 0)); err != nil {
		t.Errorf("the clock waits for a service that was killed: %v", err)
	}
	if err := d.api.Start(t.Context(), "disclosure"); err != nil {
		t.Fatal(err)
	}
	d.reconciles()
}
