package system

import (
	"crypto/ed25519"

	"gallra.se/services/gallra/internal/credentials"
)

// prepareIssuer makes the development issuer of electronic identities; a production system has none.
func (s *system) prepareIssuer() error {
	if s.Production {
		return nil
	}
	key, err := s.layout.Credentials().EnsureEIDKey()
	if err != nil {
		return err
	}
	s.issuer = key.Public().(ed25519.PublicKey)
	return nil
}

// issuers are those whose statements of identity intake accepts.
func (s *system) issuers() map[string]ed25519.PublicKey {
	if s.issuer == nil {
		return nil
	}
	return map[string]ed25519.PublicKey{credentials.DevelopmentIssuer: s.issuer}
}

// issuersArgs say the same to a child.
func (s *system) issuersArgs() []string {
	if s.issuer == nil {
		return nil
	}
	return []string{"--eid-key=" + credentials.DevelopmentIssuer + "=" + s.layout.Credentials().EIDPublicKey()}
}
