package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AssignOfficer has an officer handle a case; false when that is so already.
func AssignOfficer(ctx context.Context, tx pgx.Tx, authority string, caseID, officer uuid.UUID, since time.Time) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO case_officer (authority, case_id, officer, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		authority, caseID, officer, since)
	if err != nil {
		return false, fmt.Errorf("assign officer: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// UnassignOfficer has an officer handle a case no longer; false when that is so already.
func UnassignOfficer(ctx context.Context, tx pgx.Tx, authority string, caseID, officer uuid.UUID) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM case_officer WHERE authority = $1 AND case_id = $2 AND officer = $3`, authority, caseID, officer)
	if err != nil {
		return false, fmt.Errorf("unassign officer: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Handles says whether an officer handles a case.
func Handles(ctx context.Context, db DB, authority string, caseID, officer uuid.UUID) (yes bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM case_officer WHERE authority = $1 AND case_id = $2 AND officer = $3)`,
		authority, caseID, officer).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look who handles a case: %w", err)
	}
	return yes, nil
}

// OpenTypes are the types of the open cases that a person takes part in.
func OpenTypes(ctx context.Context, db DB, authority string, person uuid.UUID) ([]string, error) {
	rows, err := db.Query(ctx, `
		SELECT DISTINCT c.case_type FROM share AS s JOIN case_file AS c USING (authority, case_id)
		WHERE s.authority = $1 AND s.person = $2 AND c.closed_on IS NULL AND NOT s.intended ORDER BY 1`, authority, person)
	if err != nil {
		return nil, fmt.Errorf("read types of open cases: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
