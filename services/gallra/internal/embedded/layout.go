package embedded

import (
	"fmt"
	"os"
	"path/filepath"
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
	for _, sub := range []string{l.Nats(), l.Keys(), l.seeds(), l.passwords(), l.Logs(), l.Run()} {
		if err := os.MkdirAll(sub, 0o700); err != nil {
			return l, fmt.Errorf("make data directory: %w", err)
		}
	}
	return l, nil
}

// Postgres is where the database cluster lives.
func (l Layout) Postgres() string { return filepath.Join(l.Dir, "postgres") }

// Nats holds the server's configuration and its streams.
func (l Layout) Nats() string { return filepath.Join(l.Dir, "nats") }

// Keys holds everything that must not leave the machine.
func (l Layout) Keys() string { return filepath.Join(l.Dir, "keys") }

// Keystore is where a service keeps the root keys of its keyring.
func (l Layout) Keystore(service string) string { return filepath.Join(l.Keys(), "keystore", service) }

// Seed is the file with the secret key of a NATS user.
func (l Layout) Seed(user string) string { return filepath.Join(l.seeds(), user+".nk") }

// Logs holds one file per process.
func (l Layout) Logs() string { return filepath.Join(l.Dir, "logs") }

// Run holds sockets while the system runs.
func (l Layout) Run() string { return filepath.Join(l.Dir, "run") }

func (l Layout) seeds() string     { return filepath.Join(l.Keys(), "nats") }
func (l Layout) passwords() string { return filepath.Join(l.Keys(), "databases") }
func (l Layout) natsConf() string  { return filepath.Join(l.Nats(), "nats.conf") }

// LedgerKey is the file with the key that signs the ledger's checkpoints.
func (l Layout) LedgerKey() string { return filepath.Join(l.Keys(), "ledger") }
