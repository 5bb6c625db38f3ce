package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SaveProtection writes that a person is protected, with what is encrypted about it; fresh is false when it was so already.
func SaveProtection(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, content []byte) (fresh bool, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO protected_person (authority, person, content) VALUES ($1, $2, $3)
		ON CONFLICT (authority, person) DO UPDATE SET content = excluded.content RETURNING xmax = 0`, authority, person, content).Scan(&fresh)
	if err != nil {
		return false, fmt.Errorf("mark person: %w", err)
	}
	return fresh, nil
}

// FindProtection reads what is encrypted about a person's protection; found is false for a person who has none.
func FindProtection(ctx context.Context, db DB, authority string, person uuid.UUID) (content []byte, found bool, err error) {
	return one(ctx, db, pgx.RowTo[[]byte], `SELECT content FROM protected_person WHERE authority = $1 AND person = $2`, authority, person)
}

// DropProtection lifts a protection with all its plans; false when there was none.
func DropProtection(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM protected_person WHERE authority = $1 AND person = $2`, authority, person)
	if err != nil {
		return false, fmt.Errorf("lift protection: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Hidden says whether one of these persons, or of those who have a share of one of these cases, is protected.
func Hidden(ctx context.Context, db DB, authority string, persons, cases []uuid.UUID) (yes bool, err error) {
	err = db.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM protected_person AS p WHERE p.authority = $1 AND (p.person = ANY($2)
			OR EXISTS (SELECT FROM share AS s WHERE s.authority = $1 AND s.case_id = ANY($3) AND s.person = p.person)))`,
		authority, persons, cases).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for protected persons: %w", err)
	}
	return yes, nil
}

// ProtectedOf are those of these persons who are protected.
func ProtectedOf(ctx context.Context, db DB, authority string, persons []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := db.Query(ctx, `SELECT person FROM protected_person WHERE authority = $1 AND person = ANY($2)`, authority, persons)
	if err != nil {
		return nil, fmt.Errorf("look for protected persons: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// Plan is what one recipient may have of a protected person; Content is encrypted under the person's key.
type Plan struct {
	Recipient string
	Content   []byte
}

// SavePlan writes a plan, in the place of an earlier one for the same recipient.
func SavePlan(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, p Plan) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO protection_plan (authority, person, recipient, content) VALUES ($1, $2, $3, $4)
		ON CONFLICT (authority, person, recipient) DO UPDATE SET content = excluded.content`, authority, person, p.Recipient, p.Content)
	if err != nil {
		return fmt.Errorf("keep plan: %w", err)
	}
	return nil
}

// FindPlan reads the plan for one recipient.
func FindPlan(ctx context.Context, db DB, authority string, person uuid.UUID, recipient string) (Plan, bool, error) {
	return one(ctx, db, pgx.RowToStructByPos[Plan],
		`SELECT recipient, content FROM protection_plan WHERE authority = $1 AND person = $2 AND recipient = $3`, authority, person, recipient)
}

// Plans are a person's, in the order of recipients.
func Plans(ctx context.Context, db DB, authority string, person uuid.UUID) ([]Plan, error) {
	rows, err := db.Query(ctx, `SELECT recipient, content FROM protection_plan WHERE authority = $1 AND person = $2 ORDER BY recipient`, authority, person)
	if err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Plan])
}

// HiddenUnits are those of these units that are about a protected person, or of a case in which one takes part.
func HiddenUnits(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `
		WITH about AS (
			SELECT unit, unit AS person, NULL::uuid AS case_id FROM unnest($2::uuid[]) AS u(unit)
			UNION ALL SELECT share, person, case_id FROM share WHERE authority = $1 AND share = ANY($2)
			UNION ALL SELECT unit, person, case_id FROM note_unit WHERE authority = $1 AND unit = ANY($2))
		SELECT DISTINCT a.unit FROM protected_person AS p JOIN about AS a ON a.person = p.person
			OR a.case_id IN (SELECT s.case_id FROM share AS s WHERE s.authority = $1 AND s.person = p.person)
		WHERE p.authority = $1`, plannedAnew, authority, units)
	if err != nil {
		return nil, fmt.Errorf("look for protected persons: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// HideTombstones makes what is left of records known to appointed officers alone, and forgets protected persons of whom
// nothing else is left.
func HideTombstones(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) error {
	batch := &pgx.Batch{}
	batch.Queue(`UPDATE tombstone SET protected = true WHERE authority = $1 AND id = ANY($2)`, authority, ids)
	batch.Queue(`
		DELETE FROM protected_person AS p WHERE p.authority = $1
		  AND NOT EXISTS (SELECT FROM person AS o WHERE o.authority = p.authority AND o.person = p.person)
		  AND NOT EXISTS (SELECT FROM share AS s WHERE s.authority = p.authority AND s.person = p.person)
		  AND NOT EXISTS (SELECT FROM note_unit AS n WHERE n.authority = p.authority AND n.person = p.person)`, authority)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("hide what is left: %w", err)
	}
	return nil
}
