package acceptance

import (
	"net"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/launch"
)

func TestWhatKeepsASystemFromStartingIsSaidInWords(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	running, _ := up(t, dataDir(t))
	for name, c := range map[string]struct {
		options launch.Options
		says    string
	}{
		"the address is taken":       {launch.Options{Dir: dataDir(t), HTTP: taken.Addr().String()}, "is taken by another program"},
		"the NATS address is taken":  {launch.Options{Dir: dataDir(t), Args: []string{"--nats=" + taken.Addr().String()}}, "give --nats another address"},
		"the directory is in use":    {launch.Options{Dir: running.Dir}, "another gallra uses this data directory"},
		"the clock cannot be read":   {launch.Options{Dir: dataDir(t), Args: []string{"--clock=lunar"}}, "want real, simulated"},
		"the address makes no sense": {launch.Options{Dir: dataDir(t), HTTP: "nowhere"}, "listen on nowhere"},
	} {
		_, err := launch.Start(t.Context(), c.options)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryCommandShowsAnExample(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"up", "demo", "import", "scenario run", "clock now", "clock advance", "stats tail", "status", "health",
		"receipts", "verify", "reconcile", "keys status", "keys rotate", "doctor", "token", "intake", "case-linker", "retention-timer", "disclosure", "statistics-pseudonymiser", "ledger", "console", "control", "scan-server"} {
		status, out, errs := gallra(t, append(strings.Fields(command), "--help")...)
		if status != 0 || !strings.Contains(out, "  gallra ") && !strings.Contains(out, "  curl ") {
			t.Errorf("%s --help: %d %s %s", command, status, out, errs)
		}
	}
}

func TestAWrongCommandLineIsStatusTwo(t *testing.T) {
	t.Parallel()
	for _, line := range [][]string{{"upp"}, {"up"}, {"import"}, {"verify"}, {"intake"}} {
		if status, _, errs := gallra(t, line...); status != 2 || errs == "" {
			t.Errorf("%v: %d %q", line, status, errs)
		}
	}
}

func TestASimulatedClockThatIsStoredWinsOverTheFlag(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	first, api := up(t, dir, "--clock=simulated=2024-05-01")
	now, err := api.Clock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Advance(t.Context(), now.Now.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	first.Stop()
	_, api = up(t, dir, "--clock=real")
	again, err := api.Clock(t.Context())
	if err != nil || !again.Now.Equal(now.Now.AddDate(0, 0, 3)) {
		t.Errorf("the clock stands at %s: %v", again.Now, err)
	}
}
