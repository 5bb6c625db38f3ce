package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/figures"
	"gallra.se/services/gallra/internal/importer"
)

const (
	journals = root + "/scenarios/journal/"
	begin    = "2021-01-01"
	until    = "2040-12-31"
)

func expected(t *testing.T, journal string) figures.Expected {
	t.Helper()
	want, err := figures.Read(journals + journal + ".expected.json")
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// imported hands a journal in over HTTPS, the simulated clock following its lines.
func imported(ctx context.Context, api *client.Client, journal string, snapshots []string, progress importer.Progress) (importer.Result, error) {
	file, err := os.Open(journals + journal + ".jsonl")
	if err != nil {
		return importer.Result{}, err
	}
	defer file.Close()
	run := importer.Simulation{Client: api, Sender: importer.HTTP{Client: api}, Until: until, Snapshots: snapshots,
		Progress: progress, Note: func(string) {}}
	return run.Run(ctx, file)
}

func TestTheSmallJournalComesOutAsAnIndependentModelSays(t *testing.T) {
	defer stopwatch(t, "all of it")()
	d := emptied(t, begin)
	want := expected(t, "small")
	// In the end every row of the statistics has had its ten years.
	midway := &figures.Moments{AtTime: time.Date(2030, 1, 15, 0, 0, 0, 0, time.UTC), OnClock: func() { analystsRead(t, d) }}
	took := stopwatch(t, "the import")
	result, err := imported(t.Context(), d.api, "small", want.Days(), midway)
	if err != nil {
		t.Fatal(err)
	}
	took()
	if !midway.Reached() {
		t.Error("nothing was looked at on the way")
	}
	figures.Same(t, want, result)
	figures.SameSeen(t, want, result)
	figures.SameReceipts(t, d.api, journals+"small.disposed.txt")
	d.reconciles()
	t.Run("receipts verify offline", func(t *testing.T) { receiptsVerify(t, d) })
	t.Run("nothing of the journal lies on disk or in a log", func(t *testing.T) { nothingLies(t, d) })
	t.Run("another system hands in and reads", func(t *testing.T) { partnerConnects(t, d) })
}

func receiptsVerify(t *testing.T, d deployment) {
	dir := filepath.Join(t.TempDir(), "receipts")
	if status, out, errs := d.gallra("receipts", "--url", d.url, "--out", dir, "--limit", "5"); status != 0 || !strings.Contains(out, "5 receipts") {
		t.Fatalf("%d %s %s", status, out, errs)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.receipt"))
	if err != nil || len(files) != 5 {
		t.Fatalf("%v %v", files, err)
	}
	if status, out, errs := d.gallra(append([]string{"verify"}, files...)...); status != 0 || strings.Count(out, "verified") != 5 {
		t.Errorf("%d %s %s", status, out, errs)
	}
}

// analystsRead reads the analysts' stream over TLS, by the command and by the example.
func analystsRead(t *testing.T, d deployment) {
	t.Helper()
	status, out, errs := d.gallra("stats", "tail", "--url", d.url)
	if rows := strings.Count(out, "\n"); status != 0 || rows < 10 {
		t.Errorf("%d: %d rows %s", status, rows, errs)
	}
	rows, err := example(t, "analyst", d.place.Nats.URL, d.place.Nats.Analyst, d.place.Nats.CA)
	if err != nil || strings.Count(rows, "\n") < 10 {
		t.Errorf("the example reads %.500s %v", rows, err)
	}
}
