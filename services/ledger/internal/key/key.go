// Package key keeps the keys that sign the log's checkpoints, that of the log and
// that of a witness: one line in one file, readable by its owner alone. The log's
// is made at the first start, a witness's by whoever is the witness.
package key

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs checkpoints. Public is its verifier key, `name+hash+key`.
type Key struct {
	note.Signer
	Public string
}

// Load reads the key from the file; fs.ErrNotExist when there is none.
func Load(file string) (Key, error) {
	line, err := os.ReadFile(file)
	if err != nil {
		return Key{}, fmt.Errorf("read signing key: %w", err)
	}
	return parse(strings.TrimSpace(string(line)))
}

// LoadOrMake is Load, and makes a key where there is none. When two instances
// start together both end with the key of the one that was first.
func LoadOrMake(file, name string) (Key, error) {
	k, err := Load(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return Key{}, fmt.Errorf("make ledger key: %w", err)
	}
	if err := write(file, secret+"\n"); err != nil && !errors.Is(err, fs.ErrExist) {
		return Key{}, fmt.Errorf("keep ledger key: %w", err)
	}
	return Load(file)
}

// Make makes a key in a new file; fs.ErrExist where there is one already.
func Make(file, name string) (Key, error) {
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return Key{}, fmt.Errorf("make key: %w", err)
	}
	if err := write(file, secret+"\n"); err != nil {
		return Key{}, fmt.Errorf("keep key: %w", err)
	}
	return Load(file)
}

// write makes the file whole and durable, or not at all, and never over another.
func write(file, line string) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(dir, ".ledger-key-") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(line)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), file); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

const algorithmEd25519 = 1

// parse reads `PRIVATE+KEY+name+hash+key`. Its errors hold nothing of the line.
func parse(secret string) (Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Key{}, errors.New("the key file does not hold a key that signs notes")
	}
	parts := strings.SplitN(secret, "+", 5) // base64 may itself hold a plus
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != algorithmEd25519 {
		return Key{}, errors.New("the key is not an Ed25519 key")
	}
	private := ed25519.NewKeyFromSeed(raw[1:])
	public, err := note.NewEd25519VerifierKey(signer.Name(), private.Public().(ed25519.PublicKey))
	if err != nil {
		return Key{}, fmt.Errorf("derive public key: %w", err)
	}
	return Key{Signer: signer, Public: public}, nil
}
