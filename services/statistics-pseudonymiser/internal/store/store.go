// Package store keeps statistics rows in PostgreSQL, one file per table. It does
// not decide anything, and it does not read the coarse codes: they come and go
// as boxes.
package store

import (
	"context"
	"embed"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migration makes the tables.
var Migration = pg.Migration{FS: migrations, Dir: "migrations", Table: "statistics_version"}

// Querier is a transaction or a pool.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
