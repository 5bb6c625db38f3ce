// Command gallra is the whole system in one binary: `gallra up` runs everything,
// `gallra SERVICE` one service, and the rest is the command line of people who look
// after it.
package main

import "gallra.se/services/gallra/internal/cli"

func main() { cli.Run() }
