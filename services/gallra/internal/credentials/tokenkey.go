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

// EnsureTokenKey reads the signing key, making it the first time, and writes its public
// half beside it where that is missing.
func (f Folder) EnsureTokenKey() (ed25519.PrivateKey, error) {
	key, _, err := f.tokenKey()
	return key, err
}

func (f Folder) tokenKey() (key ed25519.PrivateKey, made []string, err error) {
	_, fresh, err := keep(f.TokenKey(), ownerOnly, makeTokenKey)
	if err != nil {
		return nil, nil, err
	}
	if key, err = ReadTokenKey(f.TokenKey()); err != nil {
		return nil, nil, err
	}
	public := key.Public().(ed25519.PublicKey)
	if fresh {
		made = append(made, f.name(f.TokenKey()))
	} else if shown, err := ReadTokenPublicKey(f.TokenPublicKey()); err == nil && shown.Equal(public) {
		return key, nil, nil
	} else if err == nil {
		return nil, nil, fmt.Errorf("%s is not the public half of %s: put the right one back, or delete it and run this again", f.TokenPublicKey(), f.TokenKey())
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, nil, fmt.Errorf("encode token key: %w", err)
	}
	return key, append(made, f.name(f.TokenPublicKey())), write(f.TokenPublicKey(), f.forContainers(), encode("PUBLIC KEY", der))
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

// ReadTokenKey reads a signing key.
func ReadTokenKey(path string) (ed25519.PrivateKey, error) {
	der, err := readPEM(path, ownerOnly, "Ed25519 private key")
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
