package acceptance

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
	"gallra.se/services/gallra/internal/launch"
)

func overCloudEvents(api *client.Client) importer.Sender { return importer.CloudEvents{Client: api} }

func overNATS(t *testing.T, system *launch.System) func(*client.Client) importer.Sender {
	t.Helper()
	nc := as(t, system, "outside")
	return func(*client.Client) importer.Sender {
		return importer.NATS{Conn: nc, Authorities: policy.Default().Authorities()}
	}
}

// firstLines is how much of the small journal goes each way: it holds every kind of line
// and of refusal but the broken ones at its end.
const firstLines = 320

func TestEachWayOfHandingInAnswersAlike(t *testing.T) {
	t.Parallel()
	beginning := beginningOf(t, journals+"small.jsonl", firstLines)
	ways := map[string]func(*testing.T, *launch.System) func(*client.Client) importer.Sender{
		"http":        func(*testing.T, *launch.System) func(*client.Client) importer.Sender { return overHTTP },
		"cloudevents": func(*testing.T, *launch.System) func(*client.Client) importer.Sender { return overCloudEvents },
		"nats":        overNATS,
	}
	seen := map[string]importer.Tally{}
	for _, name := range []string{"http", "cloudevents", "nats"} {
		system, api := up(t, dataDir(t), "--clock=simulated=2023-01-01")
		file, err := os.Open(beginning)
		if err != nil {
			t.Fatal(err)
		}
		tally, err := importer.Direct(t.Context(), importer.DirectConfig{Client: api, Sender: ways[name](t, system)(api), Progress: importer.Silent{}}, file)
		file.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen[name] = *tally
		system.Stop()
	}
	for _, name := range []string{"cloudevents", "nats"} {
		if diff := cmp.Diff(seen["http"], seen[name]); diff != "" {
			t.Errorf("over %s other than over http (-http +%s):\n%s", name, name, diff)
		}
	}
	if seen["http"].Accepted < 100 || len(seen["http"].Refusals) < 5 {
		t.Errorf("too little was handed in to tell: %+v", seen["http"])
	}
}
