package door_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/door"
)

func TestALineByNATSIsAnsweredAsByHTTP(t *testing.T) {
	t.Parallel()
	d, nc := newDesk(), bustest.Server(t)
	must(t, d.door(true).Reply(t.Context(), nc, "in.*.contact", "intake"))
	for i := range 2 {
		m := request(t, nc, "in."+af+".contact", line("a"))
		if string(m.Data) != `{"id":"r-a"}` || m.Header.Get(door.HeaderDuplicate) != map[int]string{1: "true"}[i] || m.Header.Get(bus.HeaderProblem) != "" {
			t.Errorf("%d: %v %s", i, m.Header, m.Data)
		}
	}
	for name, c := range map[string]struct{ subject, line, reason string }{
		"another authority's subject": {"in.te-customer-service.contact", line("x"), "forbidden"},
		"nobody's subject":            {"in.unknown.contact", line("x"), "forbidden"},
		"another authority's line":    {"in." + af + ".contact", strings.Replace(line("x"), af, "te-customer-service", 1), "forbidden"},
		"a broken line":               {"in." + af + ".contact", `{"id":"canary`, "not-json"},
		"a fault":                     {"in." + af + ".contact", line("fault"), "internal"},
		"to come again":               {"in." + af + ".contact", line("away"), "unavailable"},
	} {
		m := request(t, nc, c.subject, c.line)
		var said struct{ Reason string }
		must(t, json.Unmarshal(m.Data, &said))
		if said.Reason != c.reason || m.Header.Get(bus.HeaderProblem) != c.reason || strings.Contains(string(m.Data), "canary") {
			t.Errorf("%s: %v %s", name, m.Header, m.Data)
		}
		if after := m.Header.Get("Retry-After"); (after == "2") != (c.reason == "unavailable") {
			t.Errorf("%s: to come again after %q", name, after)
		}
	}
	if d.ids() != "a a" {
		t.Errorf("carried out: %s", d.ids())
	}
}

func request(t *testing.T, nc *nats.Conn, subject, line string) *nats.Msg {
	t.Helper()
	m, err := nc.Request(subject, []byte(line), 10*time.Second)
	must(t, err)
	return m
}
