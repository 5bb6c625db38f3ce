package bench_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"syscall"
	"testing"

	"gallra.se/services/gallra/internal/cli"
)

// asCommand makes this binary behave as gallra: launch starts its own executable.
const asCommand = "GALLRA_BENCH_AS_COMMAND"

// profileDir names a directory for CPU profiles of the system: what it does from SIGUSR1 to SIGUSR2.
const profileDir = "GALLRA_BENCH_PROFILE"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		if dir := os.Getenv(profileDir); dir != "" {
			go profile(dir)
		}
		os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	_ = os.Setenv(asCommand, "1")
	os.Exit(m.Run())
}

func profile(dir string) {
	asked := make(chan os.Signal, 2)
	signal.Notify(asked, syscall.SIGUSR1, syscall.SIGUSR2)
	for which := range asked {
		if which == syscall.SIGUSR2 {
			pprof.StopCPUProfile()
			continue
		}
		if file, err := os.Create(filepath.Join(dir, "system.pprof")); err == nil {
			_ = pprof.StartCPUProfile(file)
		}
	}
}
