// Package assembly puts one service together from a Config and runs it. `gallra up`
// calls it seven times in one process, `gallra intake` once in a process of its own: it
// is the same code, and the services cannot tell the difference.
//
// It connects, migrates, opens pools and the keyring, picks the clock, and starts. It
// decides nothing that a service decides.
package assembly
