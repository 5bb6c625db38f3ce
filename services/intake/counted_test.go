package intake_test

import (
	"strings"
	"testing"
)

func TestLinesAreCountedByTheirOutcomeAndByNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accepted(call)
	w.post(call)
	w.stream(strings.Join([]string{oneLine(call), `{"id":`, oneLine(line("call-1", "call-2"))}, "\n"))
	w.request("in.te-customer-service.contact", call)
	_, metrics := w.send("GET", "/metrics", af, nil, "")
	for outcome, n := range map[string]string{"accepted": "2", "duplicate": "2", "not-json": "1", "forbidden": "1"} {
		if want := `gallra_lines_total{outcome="` + outcome + `"} ` + n + "\n"; !strings.Contains(string(metrics), want) {
			t.Errorf("no %s in\n%s", want, metrics)
		}
	}
}
