package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/credentials"
)

// publicKey is the file of a key that tokens are verified with.
func publicKey(t *testing.T) string {
	t.Helper()
	folder := credentials.Private(filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "nats"))
	if err := folder.Open(); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.EnsureTokenKey(); err != nil {
		t.Fatal(err)
	}
	return folder.TokenPublicKey()
}

func TestControlNeedsMoreWhereTheClockIsSimulated(t *testing.T) {
	t.Parallel()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	real := controlCommand{Nats: "tls://nats:4222", CA: "ca.pem", NatsNkey: "operator.nk", BearerKey: publicKey(t), Clock: "real"}
	config, err := real.config()
	if err != nil || config.Simulation != nil || config.Nats.User != "operator" || config.Nats.CA != "ca.pem" {
		t.Fatalf("%+v %v", config, err)
	}
	simulated := real
	simulated.Clock = "simulated=2021-01-01"
	if _, err := simulated.config(); err == nil || !strings.Contains(err.Error(), "control needs GALLRA_") {
		t.Errorf("without what a simulation needs: %v", err)
	}
	simulated.CoordinatorNkey, simulated.SimulatorNkey, simulated.StatsSimulatorNkey = "c.nk", "s.nk", "ss.nk"
	simulated.Scan, simulated.Database, simulated.Password = "https://e:8080", "postgres://clock@postgres/clock", password
	config, err = simulated.config()
	if err != nil || config.Simulation.Database != "postgres://clock:secret@postgres/clock" || !config.Simulation.Clock.Simulated ||
		config.Simulation.Logins.StatsSimulator.User != "statistics-simulator" {
		t.Errorf("%+v %v", config.Simulation, err)
	}
	simulated.Production = true
	if _, err := simulated.config(); !errors.Is(err, errSimulatedProduction) {
		t.Errorf("in production: %v", err)
	}
}

func TestVolumesAreSearchedInASimulatedDeploymentOnly(t *testing.T) {
	t.Parallel()
	if err := (scanServerCommand{}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "simulated deployment only") {
		t.Error(err)
	}
	if err := (scanServerCommand{clockKind: clockKind{Simulated: true, Production: true}}).Run(t.Context()); !errors.Is(err, errSimulatedProduction) {
		t.Error(err)
	}
}
