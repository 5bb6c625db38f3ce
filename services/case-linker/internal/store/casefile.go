package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/services/case-linker/internal/casefile"
)

// Case is one case; its number is known only as an HMAC.
type Case struct {
	Authority string
	Case      uuid.UUID
	File      uuid.UUID // the case.file record
	NumberMAC []byte
	Type      string
	OpenedAt  time.Time
	ClosedOn  calendar.Date // zero while open
}

const caseColumns = `authority, case_id, file, number_mac, case_type, opened_at, closed_on`

func scanCase(row pgx.CollectableRow) (c Case, err error) {
	err = row.Scan(&c.Authority, &c.Case, &c.File, &c.NumberMAC, &c.Type, &c.OpenedAt, &c.ClosedOn)
	return c, err
}

// FindCase reads a case by its id.
func FindCase(ctx context.Context, db DB, authority string, id uuid.UUID) (Case, bool, error) {
	return one(ctx, db, scanCase, `SELECT `+caseColumns+` FROM case_file WHERE authority = $1 AND case_id = $2`, authority, id)
}

// LockCase locks a case, after its persons and shares: no share is added to it meanwhile, and no decision made about it.
func LockCase(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (Case, bool, error) {
	return one(ctx, tx, scanCase, `SELECT `+caseColumns+` FROM case_file WHERE authority = $1 AND case_id = $2 FOR UPDATE`, authority, id)
}

// FindCases reads cases by their ids; those that are gone are missing.
func FindCases(ctx context.Context, db DB, authority string, ids []uuid.UUID) (map[uuid.UUID]Case, error) {
	rows, err := db.Query(ctx, `SELECT `+caseColumns+` FROM case_file WHERE authority = $1 AND case_id = ANY($2)`, authority, ids)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanCase)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	out := make(map[uuid.UUID]Case, len(found))
	for _, c := range found {
		out[c.Case] = c
	}
	return out, nil
}

// CaseByNumber reads a case by the HMAC of its number.
func CaseByNumber(ctx context.Context, db DB, authority string, mac []byte) (Case, bool, error) {
	return one(ctx, db, scanCase, `SELECT `+caseColumns+` FROM case_file WHERE authority = $1 AND number_mac = $2`, authority, mac)
}

// InsertCase stores a case; false when the number is taken.
func InsertCase(ctx context.Context, tx pgx.Tx, c Case) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO case_file (authority, case_id, file, number_mac, case_type, opened_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, c.Authority, c.Case, c.File, c.NumberMAC, c.Type, c.OpenedAt)
	if err != nil {
		return false, fmt.Errorf("insert case: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// CloseCase stores a closing decision and returns its number within the case.
func CloseCase(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, c casefile.Closing) (n int, err error) {
	err = tx.QueryRow(ctx, `
		WITH closed AS (UPDATE case_file SET closed_on = $5 WHERE authority = $1 AND case_id = $2)
		INSERT INTO case_closing (authority, case_id, n, decided_at, closed_from, closed_on)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5 FROM case_closing WHERE authority = $1 AND case_id = $2
		RETURNING n`, authority, id, c.DecidedAt, c.From, c.On).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("close case: %w", err)
	}
	return n, nil
}

// ReopenCase ends the last closing and returns its number.
func ReopenCase(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, at time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, `
		WITH opened AS (UPDATE case_file SET closed_on = NULL WHERE authority = $1 AND case_id = $2)
		UPDATE case_closing SET reopened_at = $3
		WHERE authority = $1 AND case_id = $2 AND n = (SELECT max(n) FROM case_closing WHERE authority = $1 AND case_id = $2)
		RETURNING n`, authority, id, at).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("reopen case: %w", err)
	}
	return n, nil
}

// Closings are a case's closing decisions, oldest first.
func Closings(ctx context.Context, db DB, authority string, id uuid.UUID) ([]casefile.Closing, error) {
	rows, err := db.Query(ctx, `
		SELECT decided_at, closed_from, closed_on, reopened_at FROM case_closing WHERE authority = $1 AND case_id = $2 ORDER BY n`, authority, id)
	if err != nil {
		return nil, fmt.Errorf("read closings: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c casefile.Closing, err error) {
		var reopened *time.Time
		err = row.Scan(&c.DecidedAt, &c.From, &c.On, &reopened)
		c.ReopenedAt = orZero(reopened)
		return c, err
	})
}
