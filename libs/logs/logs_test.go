package logs_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"gallra.se/libs/logs"
	"gallra.se/libs/trace"
)

func TestALineIsJSONAndNamesItsService(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logs.New(&out, "ledger").Info("leaf appended", "index", 7)
	var line struct {
		Msg, Service string
		Index        int
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Msg != "leaf appended" || line.Service != "ledger" || line.Index != 7 {
		t.Errorf("%s %v", out.String(), err)
	}
}

func TestALineOfARequestNamesItsTraceAndNoOtherDoes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := logs.New(&out, "ledger").With("stream", "EV_CASE")
	log.InfoContext(trace.From(t.Context(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"), "event parked")
	log.InfoContext(t.Context(), "service starts")
	lines := strings.Split(out.String(), "\n")
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || line["trace_id"] != "0af7651916cd43dd8448eb211c80319c" || line["service"] != "ledger" {
		t.Errorf("%s %v", lines[0], err)
	}
	if strings.Contains(lines[1], "trace_id") {
		t.Error(lines[1])
	}
}
