package processes

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sleeper is a child that writes its process id and sleeps.
func sleeper(t *testing.T, name string) (Child, func() []string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	pids := func() []string {
		text, err := os.ReadFile(log)
		if err != nil {
			return nil
		}
		return strings.Fields(string(text))
	}
	return Child{Name: name, Args: []string{"-c", "echo $$; exec sleep 600"}, Log: log}, pids
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
		<-time.After(10 * time.Millisecond)
	}
}

func started(t *testing.T, children ...Child) (*Set, context.CancelFunc, <-chan error) {
	t.Helper()
	set := NewSet("/bin/sh", children, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- set.Run(ctx) }()
	t.Cleanup(cancel)
	return set, cancel, ended
}

func TestStoppingEndsEveryChild(t *testing.T) {
	t.Parallel()
	one, onePids := sleeper(t, "one")
	two, twoPids := sleeper(t, "two")
	_, cancel, ended := started(t, one, two)
	eventually(t, "the children do not start", func() bool { return len(onePids()) == 1 && len(twoPids()) == 1 })
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for _, pid := range []string{onePids()[0], twoPids()[0]} {
		if _, err := os.Stat("/proc/" + pid); err == nil {
			t.Errorf("process %s still runs", pid)
		}
	}
}

func TestAChildThatEndsByItselfIsStartedAgain(t *testing.T) {
	t.Parallel()
	child, pids := sleeper(t, "one")
	set, _, _ := started(t, child)
	eventually(t, "the child does not start", func() bool { return len(pids()) == 1 })
	set.mu.Lock()
	process := set.kids["one"].life.cmd.Process
	set.mu.Unlock()
	if err := process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the child does not come back", func() bool { return len(pids()) == 2 })
}

func TestAChildKilledOnPurposeStaysAwayUntilItIsStarted(t *testing.T) {
	t.Parallel()
	child, pids := sleeper(t, "one")
	set, _, _ := started(t, child)
	eventually(t, "the child does not start", func() bool { return len(pids()) == 1 })
	set.Kill("one")
	if _, err := os.Stat("/proc/" + pids()[0]); err == nil {
		t.Fatal("the child still runs")
	}
	if err := set.Start(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the child does not come back", func() bool { return len(pids()) == 2 })
}
