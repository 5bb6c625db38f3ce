package backup

import (
	"fmt"
	"os"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/assembly"
)

// Place is where the things of a deployment lie. What is not named is not touched: the two sides of the statistics' wall
// are backed up apart from each other where they are apart.
type Place struct {
	Databases map[string]string // name → URL of its own role, password included
	Keystores map[string]string // service → directory of its root keys
	LedgerKey string            // file of the key that signs checkpoints; empty: none here
}

// The databases of each piece: consumers before producers.
var databases = map[Piece][]string{
	Ledger:     {"ledger", "clock"},
	Statistics: {"statistics"},
	Data:       {"disclosure", "retention_timer", "case_linker", "intake"},
	Keys:       {"case_linker_keys", "intake_keys", "statistics_keys"},
}

// holders are the services with a keyring, and the key database of each.
var holders = map[string]string{
	"case-linker": "case_linker_keys", "intake": "intake_keys", "statistics-pseudonymiser": "statistics_keys",
}

// of lists the databases of a piece that are in this place.
func (p Place) of(piece Piece) []string {
	var here []string
	for _, name := range databases[piece] {
		if p.Databases[name] != "" {
			here = append(here, name)
		}
	}
	return here
}

// migrations are those of a database.
func migrations(database string) []pg.Migration {
	switch database {
	case "clock":
		return []pg.Migration{{FS: clock.Migrations, Dir: "migrations", Table: "clock_version"}}
	case "case_linker_keys", "intake_keys", "statistics_keys":
		return []pg.Migration{keyring.Migration()}
	case "statistics":
		return assembly.Migrations("statistics-pseudonymiser")
	case "case_linker":
		return assembly.Migrations("case-linker")
	case "retention_timer":
		return assembly.Migrations("retention-timer")
	default:
		return assembly.Migrations(database)
	}
}

// keystoreDir is the keystore's, where it is a directory.
func (p Place) keystoreDir(service string) (string, bool, error) {
	dir := p.Keystores[service]
	if dir == "" {
		return "", false, nil
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", false, fmt.Errorf("look at the keystore of %s: %w", service, err)
	}
	if !info.IsDir() {
		return "", false, fmt.Errorf("the keystore of %s is no directory: %s", service, dir)
	}
	return dir, true, nil
}
