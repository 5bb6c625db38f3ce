package acceptance

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/figures"
	"gallra.se/services/gallra/internal/importer"
	"gallra.se/services/gallra/internal/launch"
)

// events is about how often an import of the small journal reports progress: a kill is
// drawn among them, so that lines and the long run after them are hit alike.
const smallEvents = 1500

// killer kills a system when an import has reported progress so many times.
type killer struct {
	after  int
	system *launch.System
	killed bool
}

func (k *killer) Line(int)        { k.count() }
func (k *killer) Clock(time.Time) { k.count() }

func (k *killer) count() {
	if k.after--; k.after == 0 {
		k.killed = true
		// From another thread, so that the blow falls within a request and not between two.
		go k.system.Kill()
	}
}

func TestThreeKillsDuringAnImportChangeNothing(t *testing.T) {
	t.Parallel()
	want, err := figures.Read(journals + "small.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	result := survives(t, importing{journal: journals + "small.jsonl", sender: overHTTP}, 3, smallEvents)
	figures.Same(t, want, result)
}

// survives runs an import to its end through kills at random moments, each time on a
// system that is started again on the same directory.
func survives(t *testing.T, i importing, kills, events int) importer.Result {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := dataDir(t)
	for left := kills; ; {
		system, api := up(t, dir, begin)
		k := &killer{system: system}
		if left > 0 {
			k.after = 1 + random.IntN(events/kills)
		}
		i.progress = k
		result, err := i.run(t.Context(), api)
		switch {
		case err == nil && !k.killed:
			reconciles(t, system)
			system.Stop()
			return result
		case !k.killed || t.Context().Err() != nil:
			t.Fatalf("the import ended by itself: %v", err)
		}
		system.Kill()
		left--
		t.Logf("killed, %d kills left", left)
	}
}

// wholeJournal is set by `make journal`: the whole takes too long for every test run.
const wholeJournal = "GALLRA_JOURNAL"

func TestTheWholeJournalComesOutEachWay(t *testing.T) {
	if os.Getenv(wholeJournal) == "" {
		t.Skip("takes long: make journal runs it")
	}
	want, err := figures.Read(journals + "journal.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, sender := range map[string]func(*testing.T, *launch.System) func(*client.Client) importer.Sender{
		"http":        func(*testing.T, *launch.System) func(*client.Client) importer.Sender { return overHTTP },
		"cloudevents": func(*testing.T, *launch.System) func(*client.Client) importer.Sender { return overCloudEvents },
		"nats":        overNATS,
	} {
		t.Run(name, func(t *testing.T) {
			defer stopwatch(t, "the whole journal over "+name)()
			system, api := up(t, dataDir(t), begin)
			result, err := importing{journal: journals + "journal.jsonl", snapshots: want.Days(), sender: sender(t, system)}.run(t.Context(), api)
			if err != nil {
				t.Fatal(err)
			}
			figures.Same(t, want, result)
			figures.SameSeen(t, want, result)
			newScanner(t, journals+"journal.jsonl", system.Dir).nothing(t)
			system.Stop()
		})
	}
	t.Run("ten kills", func(t *testing.T) {
		defer stopwatch(t, "the whole journal with ten kills")()
		figures.Same(t, want, survives(t, importing{journal: journals + "journal.jsonl", sender: overHTTP}, 10, 9000))
	})
}
