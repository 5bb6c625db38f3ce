package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
)

// Facts are what intake itself knows about when a contact is to go.
type Facts struct {
	Unit, Contact uuid.UUID
	Category      string
	EndedOn       calendar.Date
	WithdrawnOn   calendar.Date // the consent that it was kept with; zero: it stands
	Intended      bool
}

// LockFacts locks the contacts of units and returns their facts; units that are
// gone are missing.
func LockFacts(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (map[uuid.UUID]Facts, error) {
	rows, err := tx.Query(ctx, `
		SELECT c.unit, c.id, c.category, c.ended_on, c.withdrawn_on,
			EXISTS (SELECT FROM intent i WHERE i.authority = c.authority AND i.unit = c.unit)
		FROM contact c WHERE c.authority = $1 AND c.unit = ANY($2) ORDER BY c.id FOR UPDATE OF c`, plannedAnew, authority, units)
	if err != nil {
		return nil, fmt.Errorf("lock contacts: %w", err)
	}
	all := map[uuid.UUID]Facts{}
	var f Facts
	_, err = pgx.ForEachRow(rows, []any{&f.Unit, &f.Contact, &f.Category, &f.EndedOn, &f.WithdrawnOn, &f.Intended}, func() error {
		all[f.Unit] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lock contacts: %w", err)
	}
	return all, nil
}

// Intent is a committed disposal.
type Intent struct {
	Authority     string
	Unit, Contact uuid.UUID
	Rule, Trigger string
	DueOn         calendar.Date
	DueAt         time.Time
	PolicyVersion string
	RemovedAt     time.Time
}

// Intend commits disposals.
func Intend(ctx context.Context, tx pgx.Tx, intents []Intent) error {
	if len(intents) == 0 {
		return nil
	}
	n := len(intents)
	authorities, units, contacts := make([]string, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	rules, triggers, versions := make([]string, n), make([]string, n), make([]string, n)
	on, at, removed := make([]string, n), make([]time.Time, n), make([]time.Time, n)
	for k, i := range intents {
		authorities[k], units[k], contacts[k] = i.Authority, i.Unit, i.Contact
		rules[k], triggers[k], versions[k] = i.Rule, i.Trigger, i.PolicyVersion
		on[k], at[k], removed[k] = i.DueOn.String(), i.DueAt, i.RemovedAt
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO intent (authority, unit, contact, rule, trigger_kind, due_on, due_at, policy_version, removed_at)
		SELECT authority, unit, contact, rule, trigger_kind, due_on::date, due_at, policy_version, removed_at
		FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::timestamptz[])
			AS i (authority, unit, contact, rule, trigger_kind, due_on, due_at, policy_version, removed_at)
		ON CONFLICT DO NOTHING`, authorities, units, contacts, rules, triggers, on, at, versions, removed)
	if err != nil {
		return fmt.Errorf("commit %d disposals: %w", n, err)
	}
	return nil
}

// FirstIntent is when the oldest open disposal was committed; ok is false when
// there is none.
func FirstIntent(ctx context.Context, db Querier) (at time.Time, ok bool, err error) {
	var first *time.Time
	if err := db.QueryRow(ctx, `SELECT min(removed_at) FROM intent`).Scan(&first); err != nil {
		return at, false, fmt.Errorf("look for intents: %w", err)
	}
	if first == nil {
		return at, false, nil
	}
	return *first, true, nil
}

// Units returns the units of at most n open disposals whose time had come, in the
// order in which units were made: they share pages.
func Units(ctx context.Context, db Querier, n int) (authorities []string, units []uuid.UUID, err error) {
	return unitsOf(ctx, db, `SELECT authority, unit FROM intent WHERE trigger_kind <> $1 ORDER BY unit LIMIT $2`, n)
}

// Ordered is Units of disposals that somebody ordered.
func Ordered(ctx context.Context, db Querier, n int) (authorities []string, units []uuid.UUID, err error) {
	return unitsOf(ctx, db, `SELECT authority, unit FROM intent WHERE trigger_kind = $1 ORDER BY unit LIMIT $2`, n)
}

func unitsOf(ctx context.Context, db Querier, query string, n int) (authorities []string, units []uuid.UUID, err error) {
	rows, err := db.Query(ctx, query, events.TriggerErasureOrdered, n)
	if err != nil {
		return nil, nil, fmt.Errorf("take intents: %w", err)
	}
	var authority string
	var unit uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&authority, &unit}, func() error {
		authorities, units = append(authorities, authority), append(units, unit)
		return nil
	})
	return authorities, units, err
}

// Gone is a disposal whose rows were deleted.
type Gone struct {
	Intent
	Category   string
	Commitment []byte
	Protected  bool // it was one for appointed officers alone
}

// Delete removes contacts with their intents, holds and whatever else there is of them, groups that lose their last
// participant too, and returns what it removed: of two that delete the same, one gets each row.
func Delete(ctx context.Context, tx pgx.Tx, authorities []string, units []uuid.UUID) ([]Gone, error) {
	of, groups, err := lockGroups(ctx, tx, authorities, units)
	if err != nil {
		return nil, err
	}
	gone, err := remove(ctx, tx, authorities, units)
	if err != nil {
		return nil, err
	}
	return gone, dropGroups(ctx, tx, of, groups)
}

func remove(ctx context.Context, tx pgx.Tx, authorities []string, units []uuid.UUID) ([]Gone, error) {
	rows, err := tx.Query(ctx, `
		WITH w AS (SELECT * FROM unnest($1::text[], $2::uuid[]) AS w (authority, unit)),
		intents AS (DELETE FROM intent i USING w WHERE i.authority = w.authority AND i.unit = w.unit RETURNING i.*),
		contacts AS (DELETE FROM contact c USING intents i WHERE c.authority = i.authority AND c.unit = i.unit
			RETURNING c.authority, c.unit, c.id, c.category, c.commitment, `+protected+` AS protected),
		hidden AS (UPDATE tombstone t SET protected = true FROM contacts c WHERE c.protected AND t.authority = c.authority AND t.id = c.id),
		holds AS (DELETE FROM unit_hold h USING intents i WHERE h.authority = i.authority AND h.unit = i.unit),
		recordings AS (DELETE FROM recording r USING intents i WHERE r.authority = i.authority AND r.id = i.contact),
		complaints AS (DELETE FROM complaint p USING intents i WHERE p.authority = i.authority AND p.id = i.contact),
		participants AS (DELETE FROM participant p USING intents i WHERE p.authority = i.authority AND p.id = i.contact)
		SELECT i.authority, i.unit, i.contact, i.rule, i.trigger_kind, i.due_on, i.due_at, i.policy_version, i.removed_at,
			c.category, c.commitment, c.protected
		FROM intents i JOIN contacts c USING (authority, unit) ORDER BY i.unit`, plannedAnew, authorities, units)
	if err != nil {
		return nil, fmt.Errorf("delete contacts: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (g Gone, err error) {
		err = row.Scan(&g.Authority, &g.Unit, &g.Contact, &g.Rule, &g.Trigger, &g.DueOn, &g.DueAt, &g.PolicyVersion, &g.RemovedAt,
			&g.Category, &g.Commitment, &g.Protected)
		return g, err
	})
}
