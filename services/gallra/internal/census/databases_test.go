package census_test

import (
	"context"
	"testing"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	caselinker "gallra.se/services/case-linker"
	"gallra.se/services/disclosure"
	"gallra.se/services/intake"
	"gallra.se/services/ledger"
	retentiontimer "gallra.se/services/retention-timer"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// migrations are those of every database that a deployment has (credentials.Databases).
func migrations() map[string][]pg.Migration {
	keys := []pg.Migration{keyring.Migration()}
	return map[string][]pg.Migration{
		"clock":            {{FS: clock.Migrations, Dir: "migrations", Table: "clock_version"}},
		"ledger":           ledger.Migrations(),
		"retention_timer":  retentiontimer.Migrations(),
		"case_linker":      caselinker.Migrations(),
		"case_linker_keys": keys,
		"intake":           intake.Migrations(),
		"intake_keys":      keys,
		"disclosure":       disclosure.Migrations(),
		"statistics":       statistics.Migrations(),
		"statistics_keys":  keys,
	}
}

// migrated is the URL of a database after all its migrations.
func migrated(t *testing.T, name string, sets []pg.Migration) string {
	t.Helper()
	return pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, sets...) })
}
