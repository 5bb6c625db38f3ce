package keys

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

func TestAnOperatorSeesHowKeysStandAndReplacesThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, first, err := w.ring.TransportKey(t.Context(), clock.PaceNow())
	must(t, err)
	var standing Standing
	must(t, json.Unmarshal(w.as("operator", http.MethodGet, Path, "").Body.Bytes(), &standing))
	if len(standing.Holders) != 2 || standing.Holders[0].Status == nil || standing.Holders[0].Status.Generation != 1 || standing.Holders[1].Fault != faultAway {
		t.Fatalf("%+v", standing)
	}
	var result Result
	must(t, json.Unmarshal(w.as("operator", http.MethodPost, RotatePath, `{"index":true}`).Body.Bytes(), &result))
	if result.OK() || *result.Holders[0].Rotated != (Rotated{From: 1, To: 2, Index: true}) || result.Holders[1].Fault != faultAway {
		t.Errorf("%+v", result)
	}
	_, second, err := w.ring.TransportKey(t.Context(), clock.PaceNow())
	must(t, err)
	if second == first {
		t.Error("senders still get the transport key of before")
	}
	result = Result{}
	must(t, json.Unmarshal(w.as("operator", http.MethodPost, RotatePath, `{"service":"intake"}`).Body.Bytes(), &result))
	if !result.OK() || len(result.Holders) != 1 || result.Holders[0].Rotated.To != 3 || w.generation() != 3 {
		t.Errorf("again: %+v", result)
	}
}

func TestNobodyButAnOperatorSeesOrReplacesKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for role, status := range map[string]int{"": http.StatusUnauthorized, "case-officer": http.StatusForbidden, "records-manager": http.StatusForbidden,
		"dpo": http.StatusForbidden, "admin": http.StatusForbidden, "recipient": http.StatusForbidden, "Operator": http.StatusForbidden} {
		for _, call := range [][2]string{{http.MethodGet, Path}, {http.MethodPost, RotatePath}} {
			if answer := w.as(role, call[0], call[1], `{}`); answer.Code != status {
				t.Errorf("%s as %q: %d", call, role, answer.Code)
			}
		}
	}
	if w.generation() != 1 {
		t.Error("keys were replaced")
	}
}

func TestARequestThatMakesNoSenseReplacesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for body, reason := range map[string]string{
		``: "not-json", `{`: "not-json", `[]`: "invalid-field", `{"index":1}`: "invalid-field", `{"Index":true}`: "unknown-field", `{"index":true,"index":true}`: "not-json",
		`{"service":"console"}`: "invalid-field", `{"service":"intake.x"}`: "invalid-field", `{"service":">"}`: "invalid-field", `{"service":["intake"]}`: "invalid-field",
		`{"service":"intake","more":1}`: "unknown-field", "{\"service\":\"\xff\"}": "not-json", `{"service":"` + strings.Repeat("x", 2<<20) + `"}`: "too-large",
	} {
		answer := w.as("operator", http.MethodPost, RotatePath, body)
		var p problem.Problem
		if json.Unmarshal(answer.Body.Bytes(), &p) != nil || p.Reason != reason {
			t.Errorf("%.40q: %d %s, not %s", body, answer.Code, answer.Body, reason)
		}
	}
	for _, call := range [][2]string{{http.MethodPost, Path}, {http.MethodDelete, Path}, {http.MethodGet, RotatePath}} {
		if answer := w.as("operator", call[0], call[1], `{}`); answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") == "" {
			t.Errorf("%v: %d", call, answer.Code)
		}
	}
	answer := w.as("operator", http.MethodGet, Path+"?service=ledger", "")
	if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "intake, away") {
		t.Errorf("a service without a keyring: %d %s", answer.Code, answer.Body)
	}
	if w.generation() != 1 {
		t.Error("keys were replaced")
	}
}

func TestAHolderTakesNoOrderThatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for body, reason := range map[string]string{
		``: "not-json", `{"index":"yes"}`: "invalid-field", `{"all":true}`: "unknown-field", `{"index":true` + strings.Repeat(" ", 2<<10) + `}`: "too-large",
	} {
		reply, err := w.nc.RequestWithContext(t.Context(), SubjectRotate("intake"), []byte(body))
		must(t, err)
		if got := reply.Header.Get(bus.HeaderProblem); got != reason {
			t.Errorf("%.30q: %q", body, got)
		}
	}
	if w.generation() != 1 {
		t.Error("keys were replaced")
	}
}

// What a holder says of its trouble stays in its log.
func TestAHolderInTroubleIsToldWithoutItsWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply *nats.Msg
		fault string
	}{
		"it fails":             {bus.ProblemReply(problem.New(problem.Internal)), faultFailed},
		"its database is away": {bus.ProblemReply(problem.Unavailable(0)), faultBusy},
		"it answers garbage":   {&nats.Msg{Data: []byte("<script>")}, faultFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.nc.Subscribe(SubjectStatus("away"), func(m *nats.Msg) { _ = m.RespondMsg(c.reply) })
			must(t, err)
			var standing Standing
			must(t, json.Unmarshal(w.as("operator", http.MethodGet, Path, "").Body.Bytes(), &standing))
			if standing.Holders[1].Fault != c.fault || standing.Holders[1].Status != nil || standing.Holders[0].Fault != "" {
				t.Errorf("%+v", standing.Holders)
			}
		})
	}
}
