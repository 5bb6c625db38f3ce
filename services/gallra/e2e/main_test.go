package e2e

import (
	"os"
	"testing"

	"gallra.se/services/gallra/internal/cli"
)

// asCommand makes the test binary behave as gallra.
const asCommand = "GALLRA_E2E_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Setenv(asCommand, "1")
	os.Exit(m.Run())
}
