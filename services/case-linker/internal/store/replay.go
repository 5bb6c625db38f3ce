package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Held is a disposal unit that has rows.
type Held struct {
	Authority    string
	Unit, Person uuid.UUID
}

// HeldAfter are the next units that have rows, in the order of authority and unit.
func HeldAfter(ctx context.Context, db DB, after Held, n int) ([]Held, error) {
	rows, err := db.Query(ctx, `
		SELECT authority, unit, person FROM (
			SELECT authority, person AS unit, person FROM person
			UNION ALL SELECT authority, share, person FROM share
			UNION ALL SELECT authority, unit, person FROM note_unit) AS held
		WHERE (authority, unit) > ($1, $2) ORDER BY authority, unit LIMIT $3`, plannedAnew, after.Authority, after.Unit, n)
	if err != nil {
		return nil, fmt.Errorf("list units: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Held])
}

// OwedIntents are the intents of units whose keys are gone, in the words of the ledger: of the unit's own records, or else
// of its case's file or its person. A unit of which the ledger says nothing has none; its own day comes.
func OwedIntents(ctx context.Context, db DB, authority string, units, persons []uuid.UUID) ([]Intent, error) {
	rows, err := db.Query(ctx, `
		SELECT u.unit, u.person, w.rule, w.trigger, w.due_on, w.due_at, w.policy
		FROM unnest($2::uuid[], $3::uuid[]) AS u (unit, person)
		CROSS JOIN LATERAL (
			SELECT w.*, near FROM (
				SELECT u.unit AS record, 1 AS near
				UNION ALL SELECT note, 1 FROM note WHERE authority = $1 AND goes_with = u.unit
				UNION ALL SELECT c.file, 2 FROM share AS s JOIN case_file AS c USING (authority, case_id) WHERE s.authority = $1 AND s.share = u.unit
				UNION ALL SELECT n.note, 2 FROM share AS s JOIN share AS o USING (authority, case_id) JOIN note AS n ON n.authority = o.authority AND n.share = o.share
					WHERE s.authority = $1 AND s.share = u.unit
				UNION ALL SELECT u.person, 3) AS r
			JOIN restored_word AS w ON w.authority = $1 AND w.record = r.record AND w.kind = 'disposed'
			ORDER BY near, index LIMIT 1) AS w`, plannedAnew, authority, units, persons)
	if err != nil {
		return nil, fmt.Errorf("find what the ledger says of %d units: %w", len(units), err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Intent, error) {
		i := Intent{Authority: authority}
		err := row.Scan(&i.Unit, &i.Person, &i.Rule, &i.Trigger, &i.DueOn, &i.DueAt, &i.PolicyVersion)
		return i, err
	})
}

// Again is a record that is there although the ledger bears witness of its destruction.
type Again struct {
	Index     int64 // of the leaf
	Authority string
	Record    uuid.UUID
	Category  string
	Unit      uuid.UUID
	Content   []byte
}

// AgainAfter are the next such records, each part by itself, by the index of the leaf.
func AgainAfter(ctx context.Context, db DB, after int64, n int) ([]Again, error) {
	rows, err := db.Query(ctx, `
		SELECT w.index, w.authority, w.record, w.category, r.unit, r.content FROM restored_word AS w
		CROSS JOIN LATERAL (
			SELECT person AS unit, content, commitment FROM person WHERE authority = w.authority AND person = w.record
			UNION ALL SELECT goes_with, content, commitment FROM note WHERE authority = w.authority AND note = w.record) AS r
		WHERE w.kind = 'disposed' AND w.commitment = r.commitment AND w.index > $1 ORDER BY w.index LIMIT $2`, plannedAnew, after, n)
	if err != nil {
		return nil, fmt.Errorf("list records that were destroyed: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Again])
}

// DropNote deletes a part of a note that had gone by itself, apart from its unit.
func DropNote(ctx context.Context, tx pgx.Tx, a Again) error {
	_, err := tx.Exec(ctx, `
		WITH gone AS (DELETE FROM note WHERE authority = $1 AND note = $2 AND goes_with = $3 RETURNING note)
		INSERT INTO tombstone (authority, id) SELECT $1, note FROM gone ON CONFLICT DO NOTHING`, a.Authority, a.Record, a.Unit)
	if err != nil {
		return fmt.Errorf("drop note %s: %w", a.Record, err)
	}
	return nil
}

// BuryUnseen notes what was stored after the backup and destroyed before the restore: its readers hear that it is gone, and
// each part of it is counted as stored.
func BuryUnseen(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		WITH unseen AS (
			SELECT w.authority, w.record, w.category, w.protected FROM restored_word AS w
			WHERE w.kind = 'disposed' AND w.category ~ '^(case|person)\.'
			  AND NOT EXISTS (SELECT FROM tombstone AS t WHERE t.authority = w.authority AND t.id = w.record)
			  AND NOT EXISTS (SELECT FROM person AS p WHERE p.authority = w.authority AND p.person = w.record)
			  AND NOT EXISTS (SELECT FROM case_file AS c WHERE c.authority = w.authority AND c.file = w.record)
			  AND NOT EXISTS (SELECT FROM note AS n WHERE n.authority = w.authority AND n.note = w.record AND n.commitment = w.commitment)),
		buried AS (
			INSERT INTO tombstone (authority, id, protected) SELECT authority, record, bool_or(protected) FROM unseen GROUP BY 1, 2
			ON CONFLICT DO NOTHING)
		SELECT authority, 'stored/' || category, count(*)::int FROM unseen GROUP BY 1, 2`)
	if err != nil {
		return fmt.Errorf("bury what the backup never saw: %w", err)
	}
	type tally struct {
		Authority, Name string
		N               int
	}
	tallies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[tally])
	if err != nil {
		return fmt.Errorf("bury what the backup never saw: %w", err)
	}
	for _, t := range tallies {
		if err := Count(ctx, tx, t.Authority, t.Name, AnySlot(), t.N); err != nil {
			return err
		}
	}
	return nil
}

// ForgetPeerKeys has the keys of others asked for anew: those of a backup may be destroyed by now.
func ForgetPeerKeys(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM peer_key`); err != nil {
		return fmt.Errorf("forget the keys of others: %w", err)
	}
	return nil
}
