package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Living is a number of living records whose dates follow from the same facts.
type Living struct {
	Kind string
	Facts
	DeregisteredOn calendar.Date // of the person
	NotBefore      calendar.Date
	Records        int
}

// EachLiving visits the living records of an authority, those with the same facts at once.
func EachLiving(ctx context.Context, q Querier, authority string, visit func(Living) error) error {
	rows, err := q.Query(ctx, `
		SELECT u.kind, u.category, u.case_type, u.collected_on, u.own_on, u.extended_until, u.reason_ended_on, u.closed_on,
		       p.deregistered_on, u.not_before, count(*)
		FROM unit AS u
		JOIN record AS r ON r.authority = u.authority AND r.unit = u.unit
		LEFT JOIN person_fact AS p ON p.authority = u.authority AND p.person = u.person
		WHERE u.authority = $1 AND u.state <> 'disposed'
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`, authority)
	if err != nil {
		return fmt.Errorf("count living records of %s: %w", authority, err)
	}
	var l Living
	_, err = pgx.ForEachRow(rows, []any{&l.Kind, &l.Category, &l.CaseType, &l.CollectedOn, &l.OwnOn, &l.ExtendedUntil, &l.ReasonEndedOn,
		&l.ClosedOn, &l.DeregisteredOn, &l.NotBefore, &l.Records}, func() error { return visit(l) })
	if err != nil {
		return fmt.Errorf("count living records of %s: %w", authority, err)
	}
	return nil
}
