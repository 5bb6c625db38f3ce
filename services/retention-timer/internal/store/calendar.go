package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// DueMonth counts what a rule ends in one month.
type DueMonth struct {
	Authority string `json:"authority"`
	Month     string `json:"month"` // as 2026-03
	Category  string `json:"category"`
	Rule      string `json:"rule"`
	Units     int    `json:"units"`
	Records   int    `json:"records"`
}

// DueCalendar counts by month what has its date before a day, of one authority or, for "", of all.
func DueCalendar(ctx context.Context, q Querier, authority string, before calendar.Date) ([]DueMonth, error) {
	rows, err := q.Query(ctx, `
		SELECT u.authority, to_char(u.due_on, 'YYYY-MM'), u.category, u.rule, count(DISTINCT u.unit), count(r.record)
		FROM unit AS u JOIN record AS r ON r.authority = u.authority AND r.unit = u.unit
		WHERE u.state IN ('running', 'due') AND u.due_on < $2 AND $1 IN ('', u.authority)
		  AND ($3 OR (u.authority, u.unit) NOT IN `+hiddenUnits+`)
		GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`, authority, before, Sees(ctx))
	if err != nil {
		return nil, fmt.Errorf("read due calendar: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[DueMonth])
}
