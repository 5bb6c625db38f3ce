package sample

import (
	"os"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/importer"
)

func TestTheSampleWeekLiesInThePastWeek(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../../../docs/examples/week.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	moved, n, err := Recent(file, now)
	if err != nil || n < 10 {
		t.Fatalf("%d lines: %v", n, err)
	}
	var last, first time.Time
	err = importer.Lines(moved, func(line importer.Line) error {
		if line.At.Before(last) {
			t.Errorf("line %d goes back in time", line.Number)
		}
		if first.IsZero() {
			first = line.At
		}
		last = line.At
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if last.After(now) || now.Sub(last) > week || now.Sub(first) > 3*week {
		t.Errorf("the sample runs from %s to %s", first, last)
	}
}
