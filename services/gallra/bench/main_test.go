package bench_test

import (
	"os"
	"testing"

	"gallra.se/services/gallra/internal/cli"
)

// asCommand makes this binary behave as gallra: launch starts its own executable.
const asCommand = "GALLRA_BENCH_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	_ = os.Setenv(asCommand, "1")
	os.Exit(m.Run())
}
