package acceptance

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// networks is who may speak to whom.
var networks = map[string]string{
	"gateway":                  "edge entry",
	"nats":                     "bus entry statistics",
	"nats-volume":              "",
	"postgres":                 "operations",
	"postgres-keys":            "keys",
	"postgres-statistics":      "statistics",
	"setup":                    "bus keys operations",
	"setup-statistics":         "statistics",
	"ledger":                   "bus edge operations",
	"retention-timer":          "bus edge operations",
	"case-linker":              "bus edge keys operations",
	"intake":                   "bus edge keys operations",
	"disclosure":               "bus edge operations recipients",
	"console":                  "bus edge identity",
	"control":                  "bus edge",
	"statistics-pseudonymiser": "statistics",
}

func on(c types.ServiceConfig) string {
	return strings.Join(slices.Sorted(maps.Keys(c.Networks)), " ")
}

func TestEachContainerIsOnTheNetworksThatItNeeds(t *testing.T) {
	t.Parallel()
	project := composed(t, composeFile)
	for name, container := range project.Services {
		if want, listed := networks[name]; !listed || on(container) != want {
			t.Errorf("%s is on %q, want %q", name, on(container), want)
		}
	}
	if container := project.Services["nats-volume"]; container.NetworkMode != "none" {
		t.Errorf("nats-volume has a network: %q", container.NetworkMode)
	}
}

// Who runs the containers reads the same table in deploy/README.md.
func TestTheReadmeSaysWhoIsOnEachNetwork(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(root + "/deploy/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for network := range composed(t, composeFile).Networks {
		var who []string
		for name, of := range networks {
			if slices.Contains(strings.Fields(of), network) {
				who = append(who, name)
			}
		}
		slices.Sort(who)
		row := regexp.MustCompile("(?m)^\\| `" + network + "` \\| .+ \\| " + strings.Join(who, ", ") + " \\|$")
		if !row.Match(page) {
			t.Errorf("deploy/README.md does not say that on %s are %v", network, who)
		}
	}
}

func TestOnlyTheEntryAndTheWaysToRecipientsAndToTheLoginLeadOut(t *testing.T) {
	t.Parallel()
	for name, network := range composed(t, composeFile, simulatedFile).Networks {
		if out := slices.Contains([]string{"entry", "recipients", "identity"}, name); bool(network.Internal) == out {
			t.Errorf("network %s: internal %v", name, network.Internal)
		}
	}
}

// D12: nobody who is on the statistics side reaches a person, and nobody else reaches the rows.
func TestTheStatisticsSideReachesNoOtherDatabaseOrService(t *testing.T) {
	t.Parallel()
	project := composed(t, composeFile, simulatedFile)
	own := project.Services["statistics-pseudonymiser"]
	for name, container := range project.Services {
		if slices.Contains([]string{"statistics-pseudonymiser", "nats", "postgres-statistics", "setup-statistics"}, name) {
			continue
		}
		for network := range container.Networks {
			if _, shared := own.Networks[network]; shared {
				t.Errorf("statistics-pseudonymiser shares %s with %s", network, name)
			}
		}
	}
}

// The time at which a row came in, told to the microsecond, would say whose case was closed then.
func TestTheStatisticsSideIsNeverTraced(t *testing.T) {
	t.Parallel()
	for name, container := range composed(t, composeFile, simulatedFile).Services {
		_, traced := container.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]
		if slices.Contains([]string{"ledger", "retention-timer", "case-linker", "intake", "disclosure", "console"}, name) != traced {
			t.Errorf("%s is traced: %v", name, traced)
		}
	}
}
