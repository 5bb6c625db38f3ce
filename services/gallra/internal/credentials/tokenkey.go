package credentials

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// signer is a key that signs bearer tokens, with its public half beside it.
type signer struct {
	private, public string
	mode            fs.FileMode // of the private half
}

func (f Folder) operators() signer { return signer{f.TokenKey(), f.TokenPublicKey(), ownerOnly} }
func (f Folder) consoles() signer {
	return signer{f.ConsoleKey(), f.ConsolePublicKey(), f.forContainers()}
}

// EnsureTokenKey reads the signing key, making it the first time, and writes its public
// half beside it where that is missing.
func (f Folder) EnsureTokenKey() (ed25519.PrivateKey, error) {
	key, _, err := f.signingKey(f.operators())
	return key, err
}

// EnsureConsoleKey does the same with the key that the console speaks for officers with.
func (f Folder) EnsureConsoleKey() (ed25519.PrivateKey, error) {
	key, _, err := f.signingKey(f.consoles())
	return key, err
}

// signingKeys makes what is missing of both.
func (f Folder) signingKeys() (made []string, err error) {
	for _, s := range []signer{f.operators(), f.consoles()} {
		_, fresh, err := f.signingKey(s)
		if err != nil {
			return nil, err
		}
		made = append(made, fresh...)
	}
	return made, nil
}

func (f Folder) signingKey(s signer) (key ed25519.PrivateKey, made []string, err error) {
	_, fresh, err := keep(s.private, s.mode, makeTokenKey)
	if err != nil {
		return nil, nil, err
	}
	if key, err = readSigningKey(s.private, s.mode); err != nil {
		return nil, nil, err
	}
	public := key.Public().(ed25519.PublicKey)
	if fresh {
		made = append(made, f.name(s.private))
	} else if shown, err := ReadTokenPublicKey(s.public); err == nil && shown.Equal(public) {
		return key, nil, nil
	} else if err == nil {
		return nil, nil, fmt.Errorf("%s is not the public half of %s: put the right one back, or delete it and run this again", s.public, s.private)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, nil, fmt.Errorf("encode token key: %w", err)
	}
	return key, append(made, f.name(s.public)), write(s.public, f.forContainers(), encode("PUBLIC KEY", der))
}

func makeTokenKey() ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make token key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode token key: %w", err)
	}
	return encode("PRIVATE KEY", der), nil
}

// ReadTokenKey reads a signing key that nobody but its owner may read.
func ReadTokenKey(path string) (ed25519.PrivateKey, error) { return readSigningKey(path, ownerOnly) }

// ReadConsoleKey reads the console's signing key, which a container reads with a user of its own.
func ReadConsoleKey(path string) (ed25519.PrivateKey, error) { return readSigningKey(path, readable) }

func readSigningKey(path string, mode fs.FileMode) (ed25519.PrivateKey, error) {
	der, err := readPEM(path, mode, "Ed25519 private key")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if key, ok := parsed.(ed25519.PrivateKey); ok && err == nil {
		return key, nil
	}
	return nil, damaged(path, "Ed25519 private key")
}

// ReadTokenPublicKey reads a verifying key, which is no secret.
func ReadTokenPublicKey(path string) (ed25519.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, explained(path, err)
	}
	if block, _ := pem.Decode(text); block != nil {
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if key, ok := parsed.(ed25519.PublicKey); ok && err == nil {
			return key, nil
		}
	}
	return nil, damaged(path, "Ed25519 public key")
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func readPEM(path string, mode fs.FileMode, what string) ([]byte, error) {
	text, err := read(path, mode)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, damaged(path, what)
	}
	return block.Bytes, nil
}
