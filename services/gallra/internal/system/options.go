package system

import (
	"io"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/sim"
)

// Login is the OpenID provider that officers log in at.
type Login struct {
	URL          string // of the console as browsers reach it; empty: that of the door
	Issuer       string
	ClientID     string
	ClientSecret string
	SecretFile   string // that the secret was read from, for a process of its own
	Claims       map[string]string
}

// Options is what `gallra up` is told.
type Options struct {
	Dir       string
	HTTP      string // HOST:PORT of the door; port 0 takes a free one
	Nats      string // HOST:PORT of the nats-server
	Clock     sim.Setting
	Processes bool
	// Production refuses a simulated clock, also one that the directory has kept.
	Production    bool
	Keystore      assembly.Keystore // of all services; empty: files under Dir
	Endpoints     map[string]string // recipient → URL
	LedgerWitness string            // file of a second party's key that signs the ledger's checkpoints too; empty for none
	Login         Login             // who lets officers in; without an issuer the made-up personas, where they may be
	Sample        string            // journal that the first start imports; empty for none
	Out           io.Writer         // hears that the system is ready
	Err           io.Writer         // hears what takes long
}
