package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Line is what the promise board shows of one rule at one authority. Numbers count records.
type Line struct {
	Authority, Rule string
	Running         int
	Disposed        int
	NextDue         calendar.Date // zero: none
	Overdue         int
}

// Lines counts per authority and rule what who asks may know of. Overdue is what nothing holds back, neither a hold nor a
// review, and should have been gone before the instant.
func Lines(ctx context.Context, q Querier, overdueBefore time.Time) ([]Line, error) {
	rows, err := q.Query(ctx, `
		WITH living AS (
			SELECT u.authority, u.rule, count(DISTINCT r.record) AS running, min(u.due_on) FILTER (WHERE NOT u.held) AS next_due,
			       count(DISTINCT r.record) FILTER (WHERE u.due_at < $1 AND NOT u.held AND (NOT u.review OR u.approved)) AS overdue
			FROM unit AS u JOIN record AS r ON r.authority = u.authority AND r.unit = u.unit
			WHERE u.state IN ('running', 'due') AND ($2 OR (u.authority, u.unit) NOT IN `+hiddenUnits+`) GROUP BY u.authority, u.rule),
		concealed AS (
			SELECT u.authority, u.rule, count(*) AS disposed FROM unit AS u JOIN record AS r ON r.authority = u.authority AND r.unit = u.unit
			WHERE u.protected AND NOT $2 GROUP BY u.authority, u.rule)
		SELECT authority, rule, coalesce(l.running, 0), coalesce(t.disposed, 0) - coalesce(c.disposed, 0), l.next_due, coalesce(l.overdue, 0)
		FROM living AS l FULL JOIN tallied AS t USING (authority, rule) LEFT JOIN concealed AS c USING (authority, rule)
		ORDER BY authority, rule`, overdueBefore, Sees(ctx))
	if err != nil {
		return nil, fmt.Errorf("count per rule: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
	if err != nil {
		return nil, fmt.Errorf("count per rule: %w", err)
	}
	return lines, nil
}

// States counts units by state, and active holds.
func States(ctx context.Context, q Querier) (units map[string]int, holds int, err error) {
	rows, err := q.Query(ctx, `SELECT state, count(*) FROM unit GROUP BY state`)
	if err != nil {
		return nil, 0, fmt.Errorf("count units: %w", err)
	}
	units = map[string]int{Idle: 0, Running: 0, Due: 0, Disposed: 0}
	var state string
	var n int
	if _, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error { units[state] = n; return nil }); err != nil {
		return nil, 0, fmt.Errorf("count units: %w", err)
	}
	if err = q.QueryRow(ctx, `SELECT count(*) FROM hold WHERE released_at IS NULL`).Scan(&holds); err != nil {
		return nil, 0, fmt.Errorf("count holds: %w", err)
	}
	return units, holds, nil
}
