package logs_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"gallra.se/libs/logs"
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
