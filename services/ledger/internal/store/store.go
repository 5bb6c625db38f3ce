// Package store keeps the log in PostgreSQL, one file per table: leaf, node,
// tree, checkpoint. It only ever adds rows (tree: one row that grows).
package store

import (
	"embed"

	"gallra.se/libs/pg"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migration makes the tables.
var Migration = pg.Migration{FS: migrations, Dir: "migrations", Table: "ledger_version"}
