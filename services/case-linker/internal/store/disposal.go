package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Record is one record that went with a unit.
type Record struct {
	Record     uuid.UUID
	Category   string
	Commitment []byte
}

// The categories of what case-linker holds.
const (
	CategoryIdentity = "person.identity"
	CategoryFile     = "case.file"
	CategoryNote     = "case.note"
	CategoryDocument = "case.document" // a finished official document
	CategoryDraft    = "case.draft"    // working material
)

// RecordsOf lists the records of a unit: an identity, a share's notes and, when it is the case's last share, the file, or
// the notes of a unit of their own.
func RecordsOf(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID) ([]Record, error) {
	rows, err := tx.Query(ctx, `
		SELECT person, $3::text, commitment FROM person WHERE authority = $1 AND person = $2
		UNION ALL
		SELECT c.file, $4, s.commitment FROM share AS s JOIN case_file AS c USING (authority, case_id)
		WHERE s.authority = $1 AND s.share = $2
		  AND NOT EXISTS (SELECT 1 FROM share AS o WHERE o.authority = $1 AND o.case_id = s.case_id AND o.share <> $2)
		UNION ALL
		SELECT note, category, commitment FROM note WHERE authority = $1 AND goes_with = $2`,
		authority, unit, CategoryIdentity, CategoryFile)
	if err != nil {
		return nil, fmt.Errorf("list records: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Record, err error) {
		err = row.Scan(&r.Record, &r.Category, &r.Commitment)
		return r, err
	})
}

// Remove deletes a unit's rows and leaves tombstones: random ids, and the HMAC of a case number, so that a repeat or a
// late note is recognised for what it is.
func Remove(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID) error {
	for _, sql := range []string{
		`INSERT INTO tombstone (authority, id) SELECT authority, note FROM note WHERE authority = $1 AND goes_with = $2 ON CONFLICT DO NOTHING`,
		`INSERT INTO tombstone (authority, id) SELECT authority, person FROM person WHERE authority = $1 AND person = $2 ON CONFLICT DO NOTHING`,
		`DELETE FROM note WHERE authority = $1 AND goes_with = $2`,
		`DELETE FROM note_unit WHERE authority = $1 AND unit = $2`,
		`DELETE FROM person WHERE authority = $1 AND person = $2`,
		`WITH last AS (
			SELECT c.authority, c.case_id, c.file, c.number_mac FROM share AS s JOIN case_file AS c USING (authority, case_id)
			WHERE s.authority = $1 AND s.share = $2
			  AND NOT EXISTS (SELECT 1 FROM share AS o WHERE o.authority = $1 AND o.case_id = s.case_id AND o.share <> $2)),
		 buried AS (
			INSERT INTO tombstone (authority, id, number_mac)
			SELECT authority, case_id, number_mac FROM last UNION ALL SELECT authority, file, NULL FROM last ON CONFLICT DO NOTHING)
		 DELETE FROM case_file AS c USING last AS l WHERE c.authority = l.authority AND c.case_id = l.case_id`,
		`DELETE FROM share WHERE authority = $1 AND share = $2`,
		`UPDATE command SET fingerprint = NULL WHERE authority = $1 AND unit = $2`,
		`DELETE FROM unit_hold WHERE authority = $1 AND unit = $2`,
		`DELETE FROM intent WHERE authority = $1 AND unit = $2`,
	} {
		if _, err := tx.Exec(ctx, sql, authority, unit); err != nil {
			return fmt.Errorf("remove rows of unit: %w", err)
		}
	}
	return nil
}
