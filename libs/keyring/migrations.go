package keyring

import (
	"embed"

	"gallra.se/libs/pg"
)

// Migrations are the tables of a key database: directory "migrations", version
// table "keyring_version".
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Migration is Migrations as a set for pg.MigrateAll.
func Migration() pg.Migration {
	return pg.Migration{FS: Migrations, Dir: "migrations", Table: "keyring_version"}
}
