// Package store keeps intake's tables, one file each. It encrypts nothing and
// decides nothing; what it is given is encrypted already.
package store

import (
	"context"
	"embed"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
)

//go:embed migrations/*.sql
var files embed.FS

// Migration makes the tables.
var Migration = pg.Migration{FS: files, Dir: "migrations", Table: "intake_version"}

// Querier is a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
