package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Gone is a unit that its holder has disposed of.
type Gone struct {
	Unit    uuid.UUID
	Rule    string
	Trigger string
	DueOn   calendar.Date
	DueAt   time.Time
	Records []uuid.UUID
	// Protected: it was one for appointed officers alone, and what is left of it is too.
	Protected bool
}

// DisposeUnits notes that units are gone and returns those of which that was not known. A unit that nobody has told of
// yet is noted too, so that its recording, when it arrives, starts no clock. The days that its dates followed from are
// forgotten: with them a row could be told to be somebody's. One that is nobody's and in no group, such as
// a contact, is unlinked at once: each time that a row is written again costs as much as the first.
func DisposeUnits(ctx context.Context, tx pgx.Tx, authority, holder, kind string, gone []Gone) (fresh []uuid.UUID, err error) {
	c := columnsOf(gone)
	rows, err := tx.Query(ctx, `
		INSERT INTO unit AS u (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, protected)
		SELECT $1, unit, $2, $3, unit::text, 0, 'disposed', rule, trigger, due_on::date, due_at, protected
		FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::bool[]) AS g(unit, rule, trigger, due_on, due_at, protected)
		ORDER BY g.unit
		ON CONFLICT (authority, unit) DO UPDATE SET state = 'disposed', rule = excluded.rule, trigger = excluded.trigger,
			due_on = excluded.due_on, due_at = excluded.due_at, claim_at = NULL, not_before = NULL, bound_at = NULL, declined = '',
			collected_on = NULL, own_on = NULL, extended_until = NULL, reason_ended_on = NULL, closed_on = NULL,
			floor_on = NULL, absolute_at = NULL, ceiling_at = NULL, protected = excluded.protected,
			key = CASE WHEN coalesce(u.person, u.case_id, u.group_id) IS NULL THEN excluded.key ELSE u.key END
		WHERE u.state <> 'disposed' RETURNING unit`,
		authority, holder, kind, c.units, c.rules, c.triggers, c.dueOn, c.dueAt, c.protected)
	if err != nil {
		return nil, fmt.Errorf("dispose units: %w", err)
	}
	if fresh, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return nil, fmt.Errorf("dispose units: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO record (authority, record, unit) SELECT $1, record, unit FROM unnest($2::uuid[], $3::uuid[]) AS r(record, unit)
		ON CONFLICT DO NOTHING`, authority, c.records, c.recordUnits)
	if err != nil {
		return nil, fmt.Errorf("note disposed records: %w", err)
	}
	return fresh, nil
}

type columns struct {
	units, records, recordUnits []uuid.UUID
	rules, triggers, dueOn      []string
	dueAt                       []time.Time
	protected                   []bool
}

func columnsOf(gone []Gone) (c columns) {
	for _, g := range gone {
		c.units, c.rules, c.triggers = append(c.units, g.Unit), append(c.rules, g.Rule), append(c.triggers, g.Trigger)
		c.dueOn, c.dueAt = append(c.dueOn, g.DueOn.String()), append(c.dueAt, g.DueAt)
		c.protected = append(c.protected, g.Protected)
		for _, r := range g.Records {
			c.records, c.recordUnits = append(c.records, r), append(c.recordUnits, g.Unit)
		}
	}
	return c
}

// Unlink removes what a disposed unit no longer needs: whose it was, clocks, trail, alarms, holds that were released, that its
// person was protected, and the ids of its person, case and group.
func Unlink(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) error {
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM contact_person AS c USING record AS r
		WHERE r.authority = $1 AND r.unit = ANY($2) AND c.authority = r.authority AND c.record = r.record`, authority, ids)
	batch.Queue(`DELETE FROM clock WHERE authority = $1 AND unit = ANY($2)`, authority, ids)
	batch.Queue(`DELETE FROM trail WHERE authority = $1 AND unit = ANY($2)`, authority, ids)
	batch.Queue(`DELETE FROM alarm WHERE authority = $1 AND subject = ANY(SELECT unnest($2::uuid[])::text)`, authority, ids)
	batch.Queue(forgetHolds, authority, ids)
	batch.Queue(forgetProtected, authority, ids)
	batch.Queue(`UPDATE unit SET key = unit::text, person = NULL, case_id = NULL, group_id = NULL
		WHERE authority = $1 AND unit = ANY($2) AND coalesce(person, case_id, group_id) IS NOT NULL`, authority, ids)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("unlink disposed units: %w", err)
	}
	return nil
}

// DeclineUnits takes back units that the holder would not dispose of. One whose date has not come to lie after now in the
// meantime is offered again at retryAt, not at once.
func DeclineUnits(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID, reasons []string, now, retryAt time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE unit AS u SET state = CASE WHEN u.due_at IS NULL THEN 'idle' ELSE 'running' END, declined = d.reason,
			claim_at = CASE WHEN u.due_at <= $4 THEN $5 ELSE u.due_at END
		FROM unnest($2::uuid[], $3::text[]) AS d(unit, reason)
		WHERE u.authority = $1 AND u.unit = d.unit AND u.state = 'due'`, authority, ids, reasons, now, retryAt)
	if err != nil {
		return fmt.Errorf("take back declined units: %w", err)
	}
	return nil
}
