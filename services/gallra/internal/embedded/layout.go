package embedded

import (
	"fmt"
	"os"
	"path/filepath"

	"gallra.se/services/gallra/internal/credentials"
)

// Layout names the places under one data directory.
type Layout struct{ Dir string }

// Open makes the directories of a layout, closed to everyone else. The top stays
// passable, because the database server may run as another user.
func Open(dir string) (Layout, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Layout{}, fmt.Errorf("resolve data directory %s: %w", dir, err)
	}
	l := Layout{Dir: absolute}
	if err := os.MkdirAll(l.Dir, 0o755); err != nil {
		return l, fmt.Errorf("make data directory: %w", err)
	}
	for _, sub := range []string{l.Nats(), l.Keys(), l.Logs(), l.Run()} {
		if err := os.MkdirAll(sub, 0o700); err != nil {
			return l, fmt.Errorf("make data directory: %w", err)
		}
	}
	return l, l.Credentials().Open()
}

// Postgres is where the database cluster lives.
func (l Layout) Postgres() string { return filepath.Join(l.Dir, "postgres") }

// Nats holds the server's configuration and its streams.
func (l Layout) Nats() string { return filepath.Join(l.Dir, "nats") }

// Keys holds everything that must not leave the machine.
func (l Layout) Keys() string { return filepath.Join(l.Dir, "keys") }

// Keystore is where a service keeps the root keys of its keyring.
func (l Layout) Keystore(service string) string { return filepath.Join(l.Keys(), "keystore", service) }

// Credentials are the logins of the system's parts, with its NATS configuration.
func (l Layout) Credentials() credentials.Folder { return credentials.Private(l.Keys(), l.Nats()) }

// Seed is the file with the secret key of a NATS user.
func (l Layout) Seed(user string) string { return l.Credentials().Seed(user) }

// TokenKey is the file with the key that signs bearer tokens; no service reads it.
func (l Layout) TokenKey() string { return l.Credentials().TokenKey() }

// TokenPublicKey is the file that every service verifies tokens with.
func (l Layout) TokenPublicKey() string { return l.Credentials().TokenPublicKey() }

// ConsoleKey is the file with the key that the console signs officers' tokens with.
func (l Layout) ConsoleKey() string { return l.Credentials().ConsoleKey() }

// ConsolePublicKey is the file that services verify those with.
func (l Layout) ConsolePublicKey() string { return l.Credentials().ConsolePublicKey() }

// Logs holds one file per process.
func (l Layout) Logs() string { return filepath.Join(l.Dir, "logs") }

// Run holds sockets while the system runs.
func (l Layout) Run() string { return filepath.Join(l.Dir, "run") }

// LedgerKey is the file with the key that signs the ledger's checkpoints.
func (l Layout) LedgerKey() string { return filepath.Join(l.Keys(), "ledger") }
