package system

import (
	"path/filepath"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/backup"
)

// backups are those of a simulated system: they lie among its data, where whoever searches these finds them.
func (s *system) backups() backup.Simulated {
	place := backup.Place{Databases: s.databases, Keystores: map[string]string{}, LedgerKey: s.layout.LedgerKey()}
	for _, service := range assembly.Names() {
		if assembly.Holds(service) {
			place.Keystores[service] = s.layout.Keystore(service)
		}
	}
	return backup.Simulated{Place: place, Dir: filepath.Join(s.layout.Dir, "backups"), Log: s.log}
}
