package embedded

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// TokenKey is the file with the key that signs bearer tokens; only the gallra that
// issues them reads it.
func (l Layout) TokenKey() string { return filepath.Join(l.Keys(), "tokens.pem") }

// TokenPublicKey is the file that every service verifies tokens with.
func (l Layout) TokenPublicKey() string { return filepath.Join(l.Keys(), "tokens.pub.pem") }

// EnsureTokenKey reads the signing key, making it and its public half at the first start.
func (l Layout) EnsureTokenKey() (ed25519.PrivateKey, error) {
	key, err := ReadTokenKey(l.TokenKey())
	if !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make token key: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode token key: %w", err)
	}
	shown, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("encode token key: %w", err)
	}
	if err := writePEM(l.TokenPublicKey(), "PUBLIC KEY", shown); err != nil {
		return nil, err
	}
	return key, writePEM(l.TokenKey(), "PRIVATE KEY", private)
}

// ReadTokenKey reads a signing key.
func ReadTokenKey(path string) (ed25519.PrivateKey, error) {
	der, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if key, ok := parsed.(ed25519.PrivateKey); ok && err == nil {
		return key, nil
	}
	return nil, fmt.Errorf("%s holds no Ed25519 private key", path)
}

// ReadTokenPublicKey reads a verifying key.
func ReadTokenPublicKey(path string) (ed25519.PublicKey, error) {
	der, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if key, ok := parsed.(ed25519.PublicKey); ok && err == nil {
		return key, nil
	}
	return nil, fmt.Errorf("%s holds no Ed25519 public key", path)
}

func writePEM(path, kind string, der []byte) error {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("keep token key: %w", err)
	}
	return nil
}

func readPEM(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read token key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file", path)
	}
	return block.Bytes, nil
}
