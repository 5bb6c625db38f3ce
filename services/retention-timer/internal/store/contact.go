package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Contact is a contact's unit with its one record and its clocks.
type Contact struct {
	Unit   Unit
	Record uuid.UUID
	Clocks []Clock
}

// Added is a unit that was not known before; Held says that a hold on its record came before it.
type Added struct {
	Authority string
	Unit      uuid.UUID
	Held      bool
}

// AddContacts makes units, records and clocks of contacts in one round trip: they come by the thousand. What is known
// already, or disposed of, is left as it is and is not among those returned.
func AddContacts(ctx context.Context, tx pgx.Tx, contacts []Contact) ([]Added, error) {
	u, c := unitLists(contacts), clockLists(contacts)
	rows, err := tx.Query(ctx, `
		WITH said AS (
			SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[],
				$10::text[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[],
				$18::timestamptz[], $19::bool[], $20::text[], $21::uuid[])
			AS s(authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, policy_version, category,
				collected_on, own_on, floor_on, absolute_at, ceiling_at, review, overdue_because, record)),
		added AS (
			INSERT INTO unit (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, claim_at, policy_version,
				category, collected_on, own_on, floor_on, absolute_at, ceiling_at, review, overdue_because)
			SELECT authority, unit, holder, kind, key, partition, state, rule, trigger, nullif(due_on, '')::date, due_at, due_at, policy_version,
				category, nullif(collected_on, '')::date, nullif(own_on, '')::date, nullif(floor_on, '')::date, absolute_at, ceiling_at, review,
				overdue_because
			FROM said ORDER BY authority, unit
			ON CONFLICT DO NOTHING RETURNING authority, unit),
		recorded AS (
			INSERT INTO record (authority, record, unit) SELECT authority, s.record, unit FROM added JOIN said AS s USING (authority, unit)
			ON CONFLICT DO NOTHING),
		armed AS (
			INSERT INTO clock (authority, unit, kind, rule, trigger, d0, period, mode, e, due_on, state)
			SELECT authority, unit, c.kind, c.rule, c.trigger, c.d0::date, c.period, c.mode, c.e::date, c.due_on::date, 'running'
			FROM added JOIN unnest($22::text[], $23::uuid[], $24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[],
				$30::text[], $31::text[]) AS c(authority, unit, kind, rule, trigger, d0, period, mode, e, due_on) USING (authority, unit)
			ON CONFLICT DO NOTHING)
		SELECT authority, unit, EXISTS (
			SELECT 1 FROM hold AS h WHERE h.authority = added.authority AND h.target = s.record AND h.released_at IS NULL)
		FROM added JOIN said AS s USING (authority, unit)`,
		u.authorities, u.ids, u.holders, u.kinds, u.keys, u.partitions, u.states, u.rules, u.triggers,
		u.dueOn, u.dueAt, u.versions, u.categories, u.collectedOn, u.ownOn, u.floorOn, u.absoluteAt, u.ceilingAt, u.reviews, u.because, u.records,
		c.authorities, c.units, c.kinds, c.rules, c.triggers, c.d0, c.periods, c.modes, c.e, c.dueOn)
	if err != nil {
		return nil, fmt.Errorf("add %d contacts: %w", len(contacts), err)
	}
	added, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Added])
	if err != nil {
		return nil, fmt.Errorf("add %d contacts: %w", len(contacts), err)
	}
	return added, nil
}

// unitColumnsOf are the columns of units, a list for each.
type unitColumnsOf struct {
	authorities, holders, kinds, keys, states, rules, triggers, versions, categories, because []string
	dueOn, collectedOn, ownOn, floorOn                                                        []string // "" for none
	ids, records                                                                              []uuid.UUID
	partitions                                                                                []int
	dueAt, absoluteAt, ceilingAt                                                              []*time.Time
	reviews                                                                                   []bool
}

func unitLists(contacts []Contact) (l unitColumnsOf) {
	for _, c := range contacts {
		u := c.Unit
		l.authorities, l.ids, l.holders, l.kinds = append(l.authorities, u.Authority), append(l.ids, u.ID), append(l.holders, u.Holder), append(l.kinds, u.Kind)
		l.keys, l.partitions, l.states = append(l.keys, u.Key), append(l.partitions, u.Partition), append(l.states, u.State)
		l.rules, l.triggers, l.versions = append(l.rules, u.Rule), append(l.triggers, u.Trigger), append(l.versions, u.PolicyVersion)
		l.dueOn, l.dueAt = append(l.dueOn, u.DueOn.String()), append(l.dueAt, instant(u.DueAt))
		l.categories, l.collectedOn, l.ownOn = append(l.categories, u.Category), append(l.collectedOn, u.CollectedOn.String()), append(l.ownOn, u.OwnOn.String())
		l.floorOn, l.absoluteAt, l.ceilingAt = append(l.floorOn, u.FloorOn.String()), append(l.absoluteAt, instant(u.AbsoluteAt)), append(l.ceilingAt, instant(u.CeilingAt))
		l.reviews, l.because, l.records = append(l.reviews, u.Review), append(l.because, u.OverdueBecause), append(l.records, c.Record)
	}
	return l
}

// clockColumnsOf are the columns of clocks, a list for each.
type clockColumnsOf struct {
	authorities, kinds, rules, triggers, d0, periods, modes, e, dueOn []string
	units                                                             []uuid.UUID
}

func clockLists(contacts []Contact) (l clockColumnsOf) {
	for _, contact := range contacts {
		for _, c := range contact.Clocks {
			l.authorities, l.units = append(l.authorities, contact.Unit.Authority), append(l.units, contact.Unit.ID)
			l.kinds, l.rules, l.triggers = append(l.kinds, c.Kind), append(l.rules, c.Rule), append(l.triggers, c.Trigger)
			l.d0, l.periods, l.modes = append(l.d0, c.D0.String()), append(l.periods, c.Period), append(l.modes, c.Mode)
			l.e, l.dueOn = append(l.e, c.E.String()), append(l.dueOn, c.DueOn.String())
		}
	}
	return l
}
