package acceptance

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/gallra/internal/client"
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

// sameFigures compares what the services say, which is the same however often an import
// was interrupted.
func sameFigures(t *testing.T, want expected, got importer.Result) {
	t.Helper()
	for name, pair := range map[string][2]any{
		"dropped":       {want.Dropped, got.Dropped},
		"stored":        {want.Stored, got.Stored},
		"disposed":      {want.Disposed, got.Disposed},
		"living":        {want.Living, got.Living},
		"statistics":    {want.Statistics, got.Statistics},
		"unlinkedNotes": {want.UnlinkedNotes, got.UnlinkedNotes},
		"disposedOn":    {want.DisposedOn, got.DisposedOn},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTheSmallJournalComesOutAsAnIndependentModelSays(t *testing.T) {
	t.Parallel()
	want, err := readExpected(journals + "small.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	system, api := up(t, dataDir(t), begin)
	scanner := newScanner(t, journals+"small.jsonl", system.Dir)
	midway := &moments{atLine: 400, line: func() { scanner.nothing(t) },
		atClock: time.Date(2030, 1, 15, 0, 0, 0, 0, time.UTC), clock: func() { analystReadsStatistics(t, system) }}
	result, err := importing{journal: journals + "small.jsonl", snapshots: want.days(), sender: overHTTP, progress: midway}.run(t.Context(), api)
	if err != nil {
		t.Fatal(err)
	}
	if !midway.lineReached || !midway.clockReached {
		t.Error("nothing was looked at on the way")
	}
	sameFigures(t, want, result)
	sameSeen(t, want, result)
	t.Run("nothing of the journal lies on disk, during and after", scanner.foundNothing)
	t.Run("every disposal has a receipt of its day", func(t *testing.T) { receiptsEqual(t, api, journals+"small.disposed.txt") })
	t.Run("the examples run", func(t *testing.T) { examplesRun(t, system) })
	t.Run("everything adds up", func(t *testing.T) { reconciles(t, system) })
	saved := filepath.Join(t.TempDir(), "receipts")
	t.Run("receipts can be saved", func(t *testing.T) { receiptsAreSaved(t, system, saved) })
	t.Run("a leaf deleted by hand is found out", func(t *testing.T) { leafDeletedByHand(t, system, api, result.DisposedOn) })
	system.Stop()
	t.Run("receipts verify with no system running", func(t *testing.T) { receiptsVerify(t, saved) })
}

// moments looks at a system once at a line of an import and once at a time of its clock.
type moments struct {
	atLine       int
	atClock      time.Time
	line, clock  func()
	lineReached  bool
	clockReached bool
}

func (m *moments) Line(n int) {
	if n >= m.atLine && !m.lineReached {
		m.lineReached = true
		m.line()
	}
}

func (m *moments) Clock(now time.Time) {
	if !now.Before(m.atClock) && !m.clockReached {
		m.clockReached = true
		m.clock()
	}
}

// stopwatch is for figures that are told and not judged.
func stopwatch(t *testing.T, what string) func() {
	t.Helper()
	began := time.Now()
	return func() { t.Logf("%s took %s", what, time.Since(began).Round(time.Millisecond)) }
}
