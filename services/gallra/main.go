// Command gallra is the whole system in one binary: `gallra up` runs everything,
// `gallra SERVICE` one service, and the rest is the command line of people who look
// after it.
package main

import (
	"os"
	"runtime/debug"

	_ "golang.org/x/crypto/x509roots/fallback" // an image from scratch has no list of public authorities

	"gallra.se/services/gallra/internal/cli"
)

// gcPercent trades some memory for less collection: the heap of an idle system
// is about 20 MB, and the default collects it many times a second under load.
const gcPercent = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	cli.Run()
}
