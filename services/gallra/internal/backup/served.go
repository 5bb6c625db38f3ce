package backup

import (
	"errors"

	"gallra.se/services/gallra/internal/credentials"
)

// Served is the place of a deployment in containers: servers by name (credentials.Operations, …) with their URLs, each
// entered as the role of a database. A server without a URL is not touched.
func Served(servers map[string]string, passwords credentials.Passwords, keystores map[string]string, ledgerKey string) (Place, error) {
	p := Place{Databases: map[string]string{}, Keystores: keystores, LedgerKey: ledgerKey}
	if passwords == "" {
		return p, errors.New("--passwords: give the directory with a password file for each database")
	}
	for server, address := range servers {
		if address == "" {
			continue
		}
		for _, name := range credentials.Databases(server) {
			password, err := passwords.Read(name)
			if err != nil {
				return p, err
			}
			if p.Databases[name], err = entered(address, name, password); err != nil {
				return p, err
			}
		}
	}
	for service := range keystores {
		if _, ok := holders[service]; !ok {
			return p, errors.New("--keystore-of: only intake, case-linker and statistics-pseudonymiser have a keystore")
		}
	}
	return p, nil
}
