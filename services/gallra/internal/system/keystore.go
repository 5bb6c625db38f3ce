package system

import (
	"fmt"

	"gallra.se/services/gallra/internal/assembly"
)

// keystore is where a service has its root keys and the copy of its key database.
func (s *system) keystore(service string) (assembly.Keystore, error) {
	return s.Options.Keystore.Of(service, s.layout.Keystore(service))
}

// keystoreArgs tell a process of its own.
func (s *system) keystoreArgs(service string) []string {
	k, err := s.keystore(service)
	if err != nil { // checkKeystore has seen it
		panic(err)
	}
	args := []string{"--keystore=" + k.At}
	for flag, value := range map[string]string{"--keystore-token-file=": k.Token, "--keystore-ca=": k.CA, "--key-copy=": k.CopyDir} {
		if value != "" {
			args = append(args, flag+value)
		}
	}
	return args
}

// checkKeystore refuses what could not be opened, and what has no place in production.
func (s *system) checkKeystore() error {
	k, err := s.keystore("any")
	if err != nil {
		return err
	}
	if s.Production {
		if err := k.Allowed(s.layout.Postgres()); err != nil {
			return fmt.Errorf("--production: %w", err)
		}
	}
	return k.Complete()
}
