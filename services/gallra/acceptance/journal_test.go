package acceptance

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/figures"
	"gallra.se/services/gallra/internal/importer"
)

const (
	journals = root + "/scenarios/journal/"
	until    = "2040-12-31"
	begin    = "--clock=simulated=2021-01-01"
)

// importing is one import of a journal into a system.
type importing struct {
	journal   string
	snapshots []string
	sender    func(*client.Client) importer.Sender
	progress  importer.Progress
}

func overHTTP(api *client.Client) importer.Sender { return importer.HTTP{Client: api} }

func (i importing) run(ctx context.Context, api *client.Client) (importer.Result, error) {
	file, err := os.Open(i.journal)
	if err != nil {
		return importer.Result{}, err
	}
	defer file.Close()
	if i.progress == nil {
		i.progress = importer.Silent{}
	}
	run := importer.Simulation{Client: api, Sender: i.sender(api), Until: until, Snapshots: i.snapshots,
		Progress: i.progress, Note: func(string) {}}
	return run.Run(ctx, file)
}

func TestTheSmallJournalComesOutAsAnIndependentModelSays(t *testing.T) {
	t.Parallel()
	want, err := figures.Read(journals + "small.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	system, api := up(t, dataDir(t), begin)
	scanner := newScanner(t, journals+"small.jsonl", system.Dir)
	midway := &figures.Moments{AtLine: 400, AtTime: time.Date(2030, 1, 15, 0, 0, 0, 0, time.UTC),
		OnLine: func() { scanner.nothing(t) }, OnClock: func() { analystReadsStatistics(t, system) }}
	result, err := importing{journal: journals + "small.jsonl", snapshots: want.Days(), sender: overHTTP, progress: midway}.run(t.Context(), api)
	if err != nil {
		t.Fatal(err)
	}
	if !midway.Reached() {
		t.Error("nothing was looked at on the way")
	}
	figures.Same(t, want, result)
	figures.SameSeen(t, want, result)
	t.Run("nothing of the journal lies on disk, during and after", scanner.foundNothing)
	t.Run("every disposal has a receipt of its day", func(t *testing.T) { figures.SameReceipts(t, api, journals+"small.disposed.txt") })
	t.Run("the examples run", func(t *testing.T) { examplesRun(t, system, api) })
	t.Run("everything adds up", func(t *testing.T) { reconciles(t, system) })
	saved := filepath.Join(t.TempDir(), "receipts")
	t.Run("receipts and the log can be saved", func(t *testing.T) { receiptsAreSaved(t, system, saved) })
	t.Run("a leaf deleted by hand is found out", func(t *testing.T) { leafDeletedByHand(t, system, api, result.DisposedOn) })
	t.Run("and by whoever reads the whole log", func(t *testing.T) { logIsRefused(t, system, saved) })
	system.Stop()
	t.Run("receipts and the log verify with no system running", func(t *testing.T) {
		receiptsVerify(t, saved)
		receiptsHoldNobody(t, scanner, saved)
		logVerifies(t, filepath.Join(saved, "log"))
	})
}

// stopwatch is for figures that are told and not judged.
func stopwatch(t *testing.T, what string) func() {
	t.Helper()
	began := time.Now()
	return func() { t.Logf("%s took %s", what, time.Since(began).Round(time.Millisecond)) }
}
