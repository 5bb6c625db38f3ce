package assembly

import (
	"crypto/ed25519"
	"log/slog"
	"net"
	"slices"

	"github.com/nats-io/nats-server/v2/server"

	"gallra.se/libs/bearer"
	"gallra.se/services/console"
)

// Config is all that a service is given from outside.
type Config struct {
	Service  string
	Instance string

	Nats      Nats // CORE
	StatsNats Nats // STATS, for the pseudonymiser alone

	Database    string // URL
	KeyDatabase string // URL; empty for a service that holds no personal data
	Keystore    Keystore
	LedgerKey   string // file of the key that signs checkpoints

	LedgerWitness string // file of a second party's key that signs them too; empty for none

	BearerKey  ed25519.PublicKey
	ConsoleKey ed25519.PublicKey // of the console's tokens; nil where they are not accepted
	Listener   net.Listener
	Simulated  bool
	Endpoints  map[string]string            // recipient → URL, for disclosure
	Officers   console.Officers             // for the console alone
	EIDKeys    map[string]ed25519.PublicKey // issuers of electronic identities, for intake alone
	Log        *slog.Logger
}

// Verifier accepts the tokens of those whose word the service takes.
func (c Config) Verifier() *bearer.Verifier {
	if c.ConsoleKey == nil {
		return bearer.NewVerifier(c.BearerKey)
	}
	return bearer.NewVerifier(c.BearerKey, c.ConsoleKey)
}

// ServesOfficers says whether officers read from a service by way of the console, so that it takes the console's word.
func ServesOfficers(service string) bool {
	return slices.Contains([]string{"case-linker", "retention-timer"}, service)
}

// Nats is one login.
type Nats struct {
	URL      string
	SeedFile string
	User     string         // names the inbox that the login may listen on
	CA       string         // file of the CA that a tls:// server's certificate must be signed by
	Server   *server.Server // when it runs in this process, the network is skipped
}

// Names are the services, in start order.
func Names() []string {
	return []string{"ledger", "retention-timer", "statistics-pseudonymiser", "case-linker", "intake", "disclosure", "console"}
}

// Clocked are the services that take part in simulated time: the coordinator waits for
// each of them.
func Clocked() []string {
	return slices.DeleteFunc(Names(), func(name string) bool { return name == "console" })
}

// Holds says whether a service has a keyring, and with it a key database.
func Holds(service string) bool {
	return slices.Contains([]string{"intake", "case-linker", "statistics-pseudonymiser"}, service)
}

// Holders are the services that have a keyring, in start order.
func Holders() []string {
	return slices.DeleteFunc(Names(), func(name string) bool { return !Holds(name) })
}

// Contexts are the producing contexts: each has a stream.
func Contexts() []string { return []string{"contact", "case", "retention", "disclosure", "ledger"} }
