package clock

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Migrations make the table of the simulated time (directory "migrations",
// version table "clock_version").
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Table keeps the simulated time in PostgreSQL.
type Table struct{ Pool *pgxpool.Pool }

// Load returns the stored reading.
func (t Table) Load(ctx context.Context) (r Reading, found bool, err error) {
	err = t.Pool.QueryRow(ctx, `SELECT version, now_at FROM simulated_clock`).Scan(&r.Version, &r.Now)
	if errors.Is(err, pgx.ErrNoRows) {
		return Reading{}, false, nil
	}
	return r, err == nil, err
}

// Save stores a reading; one older than the stored one is refused.
func (t Table) Save(ctx context.Context, r Reading) error {
	tag, err := t.Pool.Exec(ctx, `
		INSERT INTO simulated_clock (one, version, now_at) VALUES (true, $1, $2)
		ON CONFLICT (one) DO UPDATE SET version = excluded.version, now_at = excluded.now_at
		WHERE simulated_clock.version < excluded.version`, r.Version, r.Now)
	if err == nil && tag.RowsAffected() == 0 {
		err = fmt.Errorf("a later version than %d is stored", r.Version)
	}
	return err
}
