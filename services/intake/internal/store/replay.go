package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Owed is a contact of a restored database whose destruction the ledger bears witness of.
type Owed struct {
	Intent
	Index      int64 // of the leaf
	Category   string
	Ciphertext []byte
}

// OwedAfter are the next contacts that are there again although they were destroyed, by the index of their leaf.
func OwedAfter(ctx context.Context, db Querier, after int64, n int) ([]Owed, error) {
	rows, err := db.Query(ctx, `
		SELECT w.index, w.authority, c.unit, c.id, w.rule, w.trigger, w.due_on, w.due_at, w.policy, w.done_at, c.category, c.ciphertext
		FROM restored_word w JOIN contact c ON c.authority = w.authority AND c.id = w.record
		WHERE w.kind = 'disposed' AND w.index > $1 ORDER BY w.index LIMIT $2`, plannedAnew, after, n)
	if err != nil {
		return nil, fmt.Errorf("list contacts that were destroyed: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Owed, err error) {
		err = row.Scan(&o.Index, &o.Authority, &o.Unit, &o.Contact, &o.Rule, &o.Trigger, &o.DueOn, &o.DueAt, &o.PolicyVersion, &o.RemovedAt,
			&o.Category, &o.Ciphertext)
		return o, err
	})
}

// BuryUnseen notes what was taken in after the backup and destroyed before the restore: its readers hear that it is gone,
// and it is counted as stored. The sender's id is not known any more, so that the same line again would be taken in anew.
func BuryUnseen(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		WITH unseen AS (
			SELECT DISTINCT ON (w.authority, w.record) w.authority, w.record, w.category, w.protected FROM restored_word w
			WHERE w.kind = 'disposed' AND w.category !~ '^(case|person)\.'
			  AND NOT EXISTS (SELECT FROM tombstone t WHERE t.authority = w.authority AND t.id = w.record)
			ORDER BY w.authority, w.record),
		buried AS (
			INSERT INTO tombstone (authority, source, id, protected)
			SELECT authority, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), record, protected FROM unseen
			RETURNING authority, id)
		SELECT 'stored/' || u.category, count(*) FROM unseen u JOIN buried b ON b.authority = u.authority AND b.id = u.record GROUP BY 1`)
	if err != nil {
		return fmt.Errorf("bury what the backup never saw: %w", err)
	}
	counts, err := counts(rows)
	if err != nil {
		return fmt.Errorf("bury what the backup never saw: %w", err)
	}
	return Count(ctx, tx, counts)
}

// Objections are the units of all objections, in order, after one.
func Objections(ctx context.Context, db Querier, authority string, after uuid.UUID, n int) (authorities []string, units []uuid.UUID, err error) {
	rows, err := db.Query(ctx, `SELECT authority, id FROM objection WHERE (authority, id) > ($1, $2) ORDER BY authority, id LIMIT $3`, authority, after, n)
	if err != nil {
		return nil, nil, fmt.Errorf("list objections: %w", err)
	}
	var unit uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&authority, &unit}, func() error {
		authorities, units = append(authorities, authority), append(units, unit)
		return nil
	})
	return authorities, units, err
}

// DropObjections deletes objections whose look-up is gone: they were withdrawn.
func DropObjections(ctx context.Context, tx pgx.Tx, authorities []string, units []uuid.UUID) error {
	_, err := tx.Exec(ctx, `DELETE FROM objection o USING unnest($1::text[], $2::uuid[]) AS w (authority, id)
		WHERE o.authority = w.authority AND o.id = w.id`, authorities, units)
	if err != nil {
		return fmt.Errorf("drop withdrawn objections: %w", err)
	}
	return nil
}
