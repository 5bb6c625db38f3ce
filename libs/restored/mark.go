package restored

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gallra.se/libs/pg"
)

//go:embed migrations/*.sql
var files embed.FS

// Migration makes the tables. It comes after pg.Dividing where a service has that.
var Migration = pg.Migration{FS: files, Dir: "migrations", Table: "restored_version"}

// Table is the mark's; a backup leaves it out.
const Table = "restored_mark"

// Mark says that a database came out of a backup.
type Mark struct {
	Backup  string    // its id
	TakenAt time.Time // UTC, business time
	Behind  int64     // leaves that the log had then: those with this index and above came later
	Heard   int64     // index of the next leaf to hear
	Until   int64     // leaves that the log has, as far as it was asked
}

// DB is a pool or a transaction.
type DB interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Put marks a database. Whoever marks it again, as a restore that is begun again does, changes nothing.
func Put(ctx context.Context, db DB, m Mark) error {
	_, err := db.Exec(ctx, `INSERT INTO restored_mark (backup, taken_at, behind, heard, until) VALUES ($1, $2, $3, $3, $3)
		ON CONFLICT (one) DO NOTHING`, m.Backup, m.TakenAt, m.Behind)
	if err != nil {
		return fmt.Errorf("mark the database as restored: %w", err)
	}
	return nil
}

// Marked is the mark, and whether there is one.
func Marked(ctx context.Context, db DB) (m Mark, marked bool, err error) {
	err = db.QueryRow(ctx, `SELECT backup, taken_at, behind, heard, until FROM restored_mark`).
		Scan(&m.Backup, &m.TakenAt, &m.Behind, &m.Heard, &m.Until)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return m, false, nil
	case err != nil:
		return m, false, fmt.Errorf("look whether the database was restored: %w", err)
	}
	return m, true, nil
}

// Clear takes the mark and the words away, in the transaction of the last thing that they called for.
func Clear(ctx context.Context, tx pgx.Tx) error {
	for _, statement := range []string{`DELETE FROM restored_word`, `DELETE FROM restored_mark`} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("take the mark of the restore away: %w", err)
		}
	}
	return nil
}
