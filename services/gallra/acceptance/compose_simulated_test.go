package acceptance

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gallra.se/services/gallra/internal/assembly"
)

// added is what the simulated deployment's containers have more: networks, secrets,
// variables.
type added struct{ Networks, Secrets, Variables string }

var simulated = map[string]added{
	"control": {"operations", "database-clock nats-coordinator nats-simulator nats-statistics-simulator",
		"GALLRA_BACKUP_SERVER GALLRA_CLOCK GALLRA_COORDINATOR_NKEY GALLRA_DATABASE GALLRA_DATABASE_PASSWORD_FILE GALLRA_SCAN GALLRA_SIMULATED GALLRA_SIMULATOR_NKEY GALLRA_STATS_SIMULATOR_NKEY"},
}

func more[V any](with, without map[string]V) string {
	return strings.Join(slices.DeleteFunc(slices.Sorted(maps.Keys(with)), func(key string) bool { _, had := without[key]; return had }), " ")
}

func secretsOf(c types.ServiceConfig) map[string]bool {
	all := map[string]bool{}
	for _, secret := range c.Secrets {
		all[secret.Source] = true
	}
	return all
}

func TestASimulatedDeploymentAddsItsClockAndNothingElse(t *testing.T) {
	t.Parallel()
	real, with := composed(t, composeFile), composed(t, composeFile, simulatedFile)
	if said := more(with.Services, real.Services); said != "backup scan" {
		t.Errorf("added: %s", said)
	}
	for name, before := range real.Services {
		want := simulated[name]
		if slices.Contains(assembly.Names(), name) {
			want.Variables = "GALLRA_SIMULATED"
		}
		after := with.Services[name]
		got := added{more(after.Networks, before.Networks), more(secretsOf(after), secretsOf(before)), more(after.Environment, before.Environment)}
		if got != want {
			t.Errorf("%s: added %+v, want %+v", name, got, want)
		}
		ignored := cmpopts.IgnoreFields(types.ServiceConfig{}, "Networks", "Secrets", "Environment")
		if diff := cmp.Diff(before, after, ignored, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported()); diff != "" {
			t.Errorf("%s is another: %s", name, diff)
		}
	}
}

// The files of the servers belong to other users; to read them is all that scan may do.
func TestScanReadsTheDataVolumesAndCanDoNothingElse(t *testing.T) {
	t.Parallel()
	scan := composed(t, composeFile, simulatedFile).Services["scan"]
	if scan.User != "0:0" || !slices.Equal(scan.CapAdd, []string{"DAC_READ_SEARCH"}) {
		t.Errorf("scan is %s with %v", scan.User, scan.CapAdd)
	}
	var volumes []string
	for _, volume := range scan.Volumes {
		if !volume.ReadOnly || volume.Target != "/volumes/"+volume.Source {
			t.Errorf("scan mounts %s at %s, for reading only: %v", volume.Source, volume.Target, volume.ReadOnly)
		}
		volumes = append(volumes, volume.Source)
	}
	slices.Sort(volumes)
	if !slices.Equal(volumes, []string{"backups", "case-linker-key-copy", "intake-key-copy", "nats", "postgres", "postgres-keys", "postgres-statistics", "statistics-key-copy"}) {
		t.Errorf("scan mounts %v", volumes)
	}
	if on(scan) != "edge" || given("scan", scan) != "ca tokens" {
		t.Errorf("scan is on %s and given %s", on(scan), given("scan", scan))
	}
	scan.User, scan.CapAdd = "10001", nil
	if finding := hardened("scan", scan); finding != "" {
		t.Errorf("scan %s", finding)
	}
}
