package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// GoneSince is a unit of a restored database that its holder has disposed of since.
type GoneSince struct {
	Authority, Holder string
	Gone
}

// AllGoneSince are the units of which the ledger bears witness for every record. Of a record that lies in several units it
// must do so for each of them; where it does not, the holder's own word will tell.
func AllGoneSince(ctx context.Context, tx pgx.Tx) ([]GoneSince, error) {
	rows, err := tx.Query(ctx, `
		WITH said AS (SELECT authority, record, count(*) AS leaves FROM restored_word WHERE kind = 'disposed' GROUP BY 1, 2),
		living AS (
			SELECT r.authority, r.record, r.unit FROM record AS r JOIN unit AS u USING (authority, unit)
			JOIN said AS s USING (authority, record) WHERE u.state <> 'disposed'),
		parts AS (
			SELECT r.authority, r.record, count(*) AS units FROM record AS r JOIN unit AS u USING (authority, unit)
			WHERE u.state <> 'disposed' AND (r.authority, r.record) IN (SELECT authority, record FROM living) GROUP BY 1, 2)
		SELECT u.authority, u.holder, u.unit, w.rule, w.trigger, w.due_on, w.due_at, w.protected, array_agg(r.record ORDER BY r.record)
		FROM (SELECT DISTINCT authority, unit FROM living) AS l
		JOIN unit AS u USING (authority, unit)
		JOIN record AS r USING (authority, unit)
		LEFT JOIN said AS s USING (authority, record)
		LEFT JOIN parts AS p USING (authority, record)
		CROSS JOIN LATERAL (SELECT * FROM restored_word AS w WHERE w.kind = 'disposed' AND w.authority = u.authority
			AND w.record IN (SELECT record FROM living WHERE authority = u.authority AND unit = u.unit) ORDER BY w.index DESC LIMIT 1) AS w
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
		HAVING bool_and(coalesce(s.leaves, 0) >= coalesce(p.units, 1))
		ORDER BY u.authority, u.unit`)
	if err != nil {
		return nil, fmt.Errorf("list units that are gone since the backup: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (g GoneSince, err error) {
		err = row.Scan(&g.Authority, &g.Holder, &g.Unit, &g.Rule, &g.Trigger, &g.DueOn, &g.DueAt, &g.Protected, &g.Records)
		return g, err
	})
}

// UnseenGone counts, by authority and rule, records that were stored after the backup and are gone.
func UnseenGone(ctx context.Context, tx pgx.Tx, each func(authority, rule string, records int) error) error {
	rows, err := tx.Query(ctx, `
		SELECT w.authority, w.rule, count(*)::int FROM restored_word AS w WHERE w.kind = 'disposed'
		  AND NOT EXISTS (SELECT FROM record AS r WHERE r.authority = w.authority AND r.record = w.record) GROUP BY 1, 2`)
	if err != nil {
		return fmt.Errorf("count what the backup never saw: %w", err)
	}
	type tally struct {
		Authority, Rule string
		Records         int
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[tally])
	for _, t := range all {
		if err == nil {
			err = each(t.Authority, t.Rule, t.Records)
		}
	}
	return err
}
