package credentials

import (
	"crypto/ed25519"
	"fmt"
	"path/filepath"
)

// DevelopmentIssuer is the issuer of electronic identities of a system that runs on one machine, for who develops a login
// against it. A production system has none but those it is given.
const DevelopmentIssuer = "gallra-development"

// EIDKey is the file with the key that the development issuer signs statements of identity with; no service reads it.
func (f Folder) EIDKey() string { return filepath.Join(f.dir, "eid.pem") }

// EIDPublicKey is the file that intake verifies those statements with.
func (f Folder) EIDPublicKey() string { return filepath.Join(f.dir, "eid.pub.pem") }

// EnsureEIDKey reads the development issuer's key, making it the first time.
func (f Folder) EnsureEIDKey() (ed25519.PrivateKey, error) {
	key, _, err := f.signingKey(signer{f.EIDKey(), f.EIDPublicKey(), ownerOnly})
	return key, err
}

// ReadIssuers reads the verifying keys of issuers, each from its file.
func ReadIssuers(files map[string]string) (map[string]ed25519.PublicKey, error) {
	keys := make(map[string]ed25519.PublicKey, len(files))
	for issuer, file := range files {
		key, err := ReadTokenPublicKey(file)
		if err != nil {
			return nil, fmt.Errorf("key of the issuer %s: %w", issuer, err)
		}
		keys[issuer] = key
	}
	return keys, nil
}
