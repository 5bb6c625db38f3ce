// Package store keeps persons, cases, shares and notes in PostgreSQL: one file a table. It knows rows, not rules; what
// is personal comes to it encrypted.
package store

import (
	"context"
	"embed"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Migrations make the tables (directory "migrations", version table "case_linker_version").
//
//go:embed migrations/*.sql
var Migrations embed.FS

// DB is a pool or a transaction.
type DB interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
