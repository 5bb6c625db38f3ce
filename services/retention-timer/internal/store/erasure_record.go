package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// ErasureRecord is a living record that an order concerns.
type ErasureRecord struct {
	Erasure, Record, Unit uuid.UUID
	Kept                  string // requirement for which the order does not take it; "": it does
}

// Filed is a record and its category.
type Filed struct {
	Record   uuid.UUID
	Category string // "": that of its unit
}

// RecordsOf reads the records of units, by unit, in the order of their ids.
func RecordsOf(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (map[uuid.UUID][]Filed, error) {
	rows, err := tx.Query(ctx, `SELECT unit, record, category FROM record WHERE authority = $1 AND unit = ANY($2) ORDER BY unit, record`, authority, units)
	if err != nil {
		return nil, fmt.Errorf("read records of units: %w", err)
	}
	found := map[uuid.UUID][]Filed{}
	var unit uuid.UUID
	var r Filed
	_, err = pgx.ForEachRow(rows, []any{&unit, &r.Record, &r.Category}, func() error {
		found[unit] = append(found[unit], r)
		return nil
	})
	return found, err
}

// AddErasureRecords writes what an order takes, and what it does not.
func AddErasureRecords(ctx context.Context, tx pgx.Tx, authority string, records []ErasureRecord) error {
	batch := &pgx.Batch{}
	for _, r := range records {
		batch.Queue(`INSERT INTO erasure_record (authority, erasure, record, unit, kept) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			authority, r.Erasure, r.Record, r.Unit, r.Kept)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write records of an order to erase: %w", err)
	}
	return nil
}

// Wanted is a record of a unit that an open order concerns, with what the order says.
type Wanted struct {
	ErasureRecord
	Scope  string
	Target uuid.UUID
	Ground string
	Erased Erased
}

// WantedOf reads what open orders say of units, the oldest order first.
func WantedOf(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) ([]Wanted, error) {
	rows, err := tx.Query(ctx, `
		SELECT r.erasure, r.record, r.unit, r.kept, e.scope, e.target, e.ground, e.rule, e.ordered_on, e.ordered_at
		FROM erasure_record AS r JOIN erasure AS e USING (authority, erasure)
		WHERE r.authority = $1 AND r.unit = ANY($2) AND e.done_at IS NULL ORDER BY e.ordered_at, e.erasure, r.unit, r.record`, authority, units)
	if err != nil {
		return nil, fmt.Errorf("read orders to erase units: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Wanted, err error) {
		err = row.Scan(&w.Erasure, &w.Record, &w.Unit, &w.Kept, &w.Scope, &w.Target, &w.Ground, &w.Erased.Rule, &w.Erased.On, &w.Erased.At)
		w.Erased.At = w.Erased.At.UTC()
		return w, err
	})
}

// MoveErasureRecord says that a record goes with another unit from now on. An order for what its old case had lets go of one
// that another case has taken in.
func MoveErasureRecord(ctx context.Context, tx pgx.Tx, authority string, record, from, to, caseID uuid.UUID, now time.Time) error {
	batch := &pgx.Batch{}
	batch.Queue(`
		WITH let AS (DELETE FROM erasure_record AS r USING erasure AS e
			WHERE r.authority = $1 AND r.record = $2 AND r.unit = $3 AND e.authority = r.authority AND e.erasure = r.erasure
			  AND e.scope = 'case' AND e.target <> $5 RETURNING r.erasure)
		UPDATE erasure_record AS r SET unit = $4
		WHERE r.authority = $1 AND r.record = $2 AND r.unit = $3 AND r.erasure NOT IN (SELECT erasure FROM let)`, authority, record, from, to, caseID)
	batch.Queue(settle, authority, now)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("move record %s of an order to erase: %w", record, err)
	}
	return nil
}

// LateLink is a contact of somebody all of whose data an open order erases, and which it does not know of.
type LateLink struct {
	Authority             string
	Erasure, Record, Unit uuid.UUID
	Ground                string
}

// LateLinks finds them among links.
func LateLinks(ctx context.Context, tx pgx.Tx, links []Link) ([]LateLink, error) {
	authorities, records, persons := make([]string, len(links)), make([]uuid.UUID, len(links)), make([]uuid.UUID, len(links))
	for i, l := range links {
		authorities[i], records[i], persons[i] = l.Authority, l.Record, l.Person
	}
	rows, err := tx.Query(ctx, `
		SELECT e.authority, e.erasure, r.record, r.unit, e.ground
		FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS l(authority, record, person)
		JOIN erasure AS e ON e.authority = l.authority AND e.target = l.person AND e.scope = 'person' AND e.done_at IS NULL
		JOIN record AS r ON r.authority = l.authority AND r.record = l.record
		WHERE NOT EXISTS (SELECT FROM erasure_record AS x WHERE x.authority = e.authority AND x.erasure = e.erasure AND x.record = r.record)`,
		authorities, records, persons)
	if err != nil {
		return nil, fmt.Errorf("look for late links: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[LateLink])
}

// settle ends the orders of which nothing is left.
const settle = `
	UPDATE erasure AS e SET done_at = $2 WHERE e.authority = $1 AND e.done_at IS NULL
	  AND NOT EXISTS (SELECT FROM erasure_record AS r WHERE r.authority = e.authority AND r.erasure = e.erasure AND r.kept = '')`

// EndErasures counts disposed units among what has gone by orders, and forgets their records. hidden are those that only
// appointed officers knew of.
func EndErasures(ctx context.Context, tx pgx.Tx, authority string, disposed, hidden []uuid.UUID, now time.Time) error {
	tag, err := tx.Exec(ctx, `
		WITH gone AS (DELETE FROM erasure_record WHERE authority = $1 AND unit = ANY($2) RETURNING erasure, kept, coalesce(unit = ANY($3), false) AS hidden),
		     per AS (SELECT erasure, count(*) FILTER (WHERE kept = '') AS n, bool_or(hidden) AS hidden FROM gone GROUP BY erasure)
		UPDATE erasure AS e SET disposed = e.disposed + per.n, protected = e.protected OR per.hidden
		FROM per WHERE e.authority = $1 AND e.erasure = per.erasure`, authority, disposed, hidden)
	if err != nil {
		return fmt.Errorf("end orders to erase: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, settle, authority, now); err != nil {
		return fmt.Errorf("end orders to erase: %w", err)
	}
	return nil
}

// CloseErased closes, on a day, what is left of the cases whose shares are among these units, have gone by an order and were
// open: nobody can close those any more. It returns the persons.
func CloseErased(ctx context.Context, tx pgx.Tx, authority string, disposed []uuid.UUID, on calendar.Date) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `
		WITH left_over AS (
			UPDATE unit AS o SET closed_on = $3 FROM unit AS u
			WHERE u.authority = $1 AND u.unit = ANY($2) AND u.erase_rule <> '' AND u.category = 'case.file'
			  AND o.authority = u.authority AND o.person = u.person AND o.case_id = u.case_id AND o.closed_on IS NULL AND o.state <> 'disposed'
			RETURNING o.person)
		SELECT DISTINCT person FROM left_over`, authority, disposed, on)
	if err != nil {
		return nil, fmt.Errorf("close what is left of erased cases: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// Outstanding is a living record of an order, with what is known of its unit.
type Outstanding struct {
	ErasureRecord
	State    string
	Armed    bool // its unit goes by an order
	Held     bool
	DueAt    time.Time
	Declined string
}

// OutstandingOf reads the living records of orders, by order.
func OutstandingOf(ctx context.Context, q Querier, authority string, erasures []uuid.UUID) (map[uuid.UUID][]Outstanding, error) {
	rows, err := q.Query(ctx, `
		SELECT r.erasure, r.record, r.unit, r.kept, u.state, u.erase_rule <> '', u.held, u.due_at, u.declined
		FROM erasure_record AS r JOIN unit AS u USING (authority, unit)
		WHERE r.authority = $1 AND r.erasure = ANY($2) ORDER BY r.erasure, r.record, r.unit`, authority, erasures)
	if err != nil {
		return nil, fmt.Errorf("read records of orders to erase: %w", err)
	}
	found := map[uuid.UUID][]Outstanding{}
	var o Outstanding
	var dueAt *time.Time
	_, err = pgx.ForEachRow(rows, []any{&o.Erasure, &o.Record, &o.Unit, &o.Kept, &o.State, &o.Armed, &o.Held, &dueAt, &o.Declined}, func() error {
		o.DueAt = utc(dueAt)
		found[o.Erasure] = append(found[o.Erasure], o)
		return nil
	})
	return found, err
}
