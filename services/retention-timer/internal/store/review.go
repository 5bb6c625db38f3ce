package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Review is a list of what would go in one month and waits for somebody's approval.
type Review struct {
	Authority, Category string
	Month               string // of the dates, as 2026-03
	Units, Records      int
	FirstDue            calendar.Date
	LastCeiling         time.Time // by then the last of it goes without approval; zero: nothing does
}

// Reviews reads the lists that wait, of one authority or, for "", of all.
func Reviews(ctx context.Context, q Querier, authority string) ([]Review, error) {
	rows, err := q.Query(ctx, `
		SELECT u.authority, u.category, to_char(u.due_on, 'YYYY-MM'), count(DISTINCT u.unit), count(r.record), min(u.due_on), max(u.ceiling_at)
		FROM unit AS u JOIN record AS r ON r.authority = u.authority AND r.unit = u.unit
		WHERE u.review AND NOT u.approved AND u.state = 'running' AND $1 IN ('', u.authority)
		  AND ($2 OR (u.authority, u.unit) NOT IN `+hiddenUnits+`)
		GROUP BY 1, 2, 3 ORDER BY 1, 3, 2`, authority, Sees(ctx))
	if err != nil {
		return nil, fmt.Errorf("read reviews: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Review, error) {
		var r Review
		var ceiling *time.Time
		err := row.Scan(&r.Authority, &r.Category, &r.Month, &r.Units, &r.Records, &r.FirstDue, &ceiling)
		r.LastCeiling = utc(ceiling)
		return r, err
	})
}

// Approve lets what stands on a list go on its date, and returns how many units that are.
func Approve(ctx context.Context, tx pgx.Tx, r Review) (units int, err error) {
	tag, err := tx.Exec(ctx, `
		UPDATE unit SET approved = true
		WHERE authority = $1 AND category = $2 AND to_char(due_on, 'YYYY-MM') = $3 AND review AND NOT approved AND state = 'running'
		  AND ($4 OR (authority, unit) NOT IN `+hiddenUnits+`)`, r.Authority, r.Category, r.Month, Sees(ctx))
	if err != nil {
		return 0, fmt.Errorf("approve a list: %w", err)
	}
	return int(tag.RowsAffected()), nil
}
