package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is one set of secrets.
type Folder struct {
	dir    string
	conf   string // where the nats-server's configuration lies
	shared bool   // containers read it with users of their own
}

// Shared is a deployment's folder.
func Shared(dir string) Folder {
	return Folder{dir: dir, conf: filepath.Join(dir, "nats", "conf"), shared: true}
}

// Private is the folder of a system that one user runs; conf is the directory of its
// nats-server's configuration.
func Private(dir, conf string) Folder { return Folder{dir: dir, conf: conf} }

// Seed is the file with the secret key of a NATS user.
func (f Folder) Seed(user string) string { return filepath.Join(f.dir, "nats", user+".nk") }

// Passwords are those of the database roles.
func (f Folder) Passwords() Passwords { return Passwords(filepath.Join(f.dir, "databases")) }

// TokenKey is the file with the key that signs bearer tokens; no service reads it.
func (f Folder) TokenKey() string { return filepath.Join(f.dir, "tokens.pem") }

// TokenPublicKey is the file that every service verifies tokens with.
func (f Folder) TokenPublicKey() string { return filepath.Join(f.dir, "tokens.pub.pem") }

// ConsoleKey is the file with the key that the console signs tokens of a minute with, on behalf of whoever is logged in.
func (f Folder) ConsoleKey() string { return filepath.Join(f.dir, "console-tokens.pem") }

// ConsolePublicKey is the file that the services which officers read from verify those tokens with.
func (f Folder) ConsolePublicKey() string { return filepath.Join(f.dir, "console-tokens.pub.pem") }

// ClientSecret is the file with the console's secret at the OpenID provider; empty where it has none.
func (f Folder) ClientSecret() string { return filepath.Join(f.dir, "oidc-client-secret") }

// CA is the certificate that a deployment's servers are signed by; "" where there is
// none, because nothing leaves the machine.
func (f Folder) CA() string {
	if !f.shared {
		return ""
	}
	return filepath.Join(f.dir, "ca.pem")
}

// NatsConf is the nats-server's configuration, which includes Accounts.
func (f Folder) NatsConf() string { return filepath.Join(f.conf, "nats.conf") }

func (f Folder) accounts() string     { return filepath.Join(f.conf, "accounts.conf") }
func (f Folder) readers() string      { return filepath.Join(f.conf, "readers.json") }
func (f Folder) partners() string     { return filepath.Join(f.dir, "partners") }
func (f Folder) caKey() string        { return filepath.Join(f.dir, "ca.key") }
func (f Folder) tls() string          { return filepath.Join(f.dir, "tls") }
func (f Folder) name(p string) string { return relative(f.dir, p) }

// The modes of what containers read, and of what only the owner does.
func (f Folder) forContainers() fs.FileMode {
	if f.shared {
		return readable
	}
	return ownerOnly
}

const (
	ownerOnly fs.FileMode = 0o600
	readable  fs.FileMode = 0o444
)

// Open makes the directories that are missing.
func (f Folder) Open() error {
	if err := closedDir(f.dir); err != nil {
		return err
	}
	mode := fs.FileMode(0o700)
	subs := []string{filepath.Join(f.dir, "nats"), string(f.Passwords()), f.partners(), f.conf}
	if f.shared {
		mode, subs = 0o755, append(subs, f.tls())
	}
	for _, sub := range subs {
		if err := directory(sub, mode); err != nil {
			return fmt.Errorf("make a directory of secrets: %w", err)
		}
	}
	return nil
}

// directory makes one with exactly this mode, whatever the user's mask takes away.
func directory(path string, mode fs.FileMode) error {
	if err := os.MkdirAll(path, mode); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm() != mode {
		err = os.Chmod(path, mode)
	}
	return err
}

// closedDir makes the top of a folder, which nobody but its owner may enter.
func closedDir(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make the folder of secrets: %w", err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the folder of secrets: %w", err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return fmt.Errorf("%s holds secrets and has mode %04o, which lets others in: run `chmod 0700 %s`", dir, info.Mode().Perm(), dir)
	}
	return nil
}

func relative(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}
