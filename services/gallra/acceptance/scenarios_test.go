package acceptance

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gallra.se/services/gallra/internal/scenario"
)

// heard keeps the first failure of each file.
type heard struct {
	mu     sync.Mutex
	failed map[string]string
}

func (h *heard) Step(file *scenario.File, _ int, step scenario.Step, failure error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if failure != nil {
		h.failed[file.ID] = step.AtText + ": " + failure.Error()
	}
}

func ownBench(ctx context.Context, file *scenario.File) (scenario.Bench, error) {
	return scenario.Own(ctx, file, false)
}

func load(t *testing.T, path string) *scenario.File {
	t.Helper()
	file, err := scenario.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEveryScenarioPasses(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(root + "/scenarios/SC-*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v %v", paths, err)
	}
	var files []*scenario.File
	for _, path := range paths {
		files = append(files, load(t, path))
	}
	report := &heard{failed: map[string]string{}}
	result := scenario.All(t.Context(), files, 2, ownBench, report, func(f *scenario.File, err error) { t.Errorf("%s: %v", f.ID, err) })
	if result.Passed != len(files) {
		t.Errorf("%+v: %v", result, report.failed)
	}
}

func TestAScenarioThatAsksForTooMuchFails(t *testing.T) {
	t.Parallel()
	first, err := os.ReadFile(root + "/scenarios/SC-01-anonymous-call.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		"due: {call: 2025-05-01}", "due: {call: 2025-05-02}\n      gone: [call]\n      receipts: [call]\n      alarms: [response-overdue]\n      limits: {call: {ceiling: 2027-01-31}}",
		"stored: {call: [phoneNumber, endedAt, line]}", "stored: {call: [phoneNumber, endedAt]}",
		"calls/2024-01: 1, dropped-fields: 2, persons: 0", "calls/2024-01: 1, dropped-fields: 2, persons: 1",
	).Replace(string(first))
	file, err := scenario.Decode("SC-01.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	bench, err := scenario.Own(t.Context(), file, false)
	if err != nil {
		t.Fatal(err)
	}
	defer bench.Close()
	planted := filepath.Join(bench.(interface{ Dir() string }).Dir(), "data", "planted")
	if err := os.WriteFile(planted, []byte("Anna Kanarieett"), 0o600); err != nil {
		t.Fatal(err)
	}
	report := &heard{failed: map[string]string{}}
	if err := scenario.Run(t.Context(), file, bench, report); !errors.Is(err, scenario.ErrFailed) {
		t.Fatalf("it passed: %v", err)
	}
	for _, want := range []string{
		"due: call: expected 2025-05-02, found 2025-05-01", "stored: call: expected [phoneNumber endedAt], found", "counters: persons: expected 1, found 0",
		"gone: call: expected gone, found ok", "receipts: call: expected one receipt, found 0", "alarms: expected [response-overdue], found []",
		"limits: call: expected ceiling 2027-01-31, found none", "absent: string 1 (utf-8) is in planted",
	} {
		if !strings.Contains(report.failed["SC-01"], want) {
			t.Errorf("not found out: %s", want)
		}
	}
	if t.Failed() {
		t.Log(report.failed["SC-01"])
	}
}
