package embedded

import (
	"crypto/ed25519"

	"gallra.se/services/gallra/internal/credentials"
)

// InboxPrefix is credentials'.
func InboxPrefix(user string) string { return credentials.InboxPrefix(user) }

// ReadTokenPublicKey is credentials'.
func ReadTokenPublicKey(path string) (ed25519.PublicKey, error) {
	return credentials.ReadTokenPublicKey(path)
}
