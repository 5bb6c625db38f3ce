package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// policyLock is held shared by whoever arms units, and alone by whoever changes a policy or counts units anew under a
// changed one: so nothing is armed under a pack that has just been replaced, and left behind.
const policyLock = 0x706f6c696379 // "policy"

// UnderPolicy holds the policies still until the transaction ends.
func UnderPolicy(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock_shared($1)`, int64(policyLock)); err != nil {
		return fmt.Errorf("wait for a change of policy: %w", err)
	}
	return nil
}

// PolicyAlone waits until nobody arms units, and lets nobody do so until the transaction ends.
func PolicyAlone(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(policyLock)); err != nil {
		return fmt.Errorf("wait to change a policy: %w", err)
	}
	return nil
}

// Recompute is how far the units of an authority have been counted anew under a version of its pack.
type Recompute struct {
	Authority, Version string
	Passed             uuid.UUID
}

// BeginRecompute notes that an authority's units are to be counted anew, from the first.
func BeginRecompute(ctx context.Context, tx pgx.Tx, authority, version string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO policy_recompute (authority, version, passed) VALUES ($1, $2, $3)
		ON CONFLICT (authority) DO UPDATE SET version = excluded.version, passed = excluded.passed, done = false`,
		authority, version, uuid.Nil)
	if err != nil {
		return fmt.Errorf("begin to count anew for %s: %w", authority, err)
	}
	return nil
}

// Recomputing reads and locks one authority that has units left to count anew; ok is false when there is none.
func Recomputing(ctx context.Context, tx pgx.Tx) (r Recompute, ok bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT authority, version, passed FROM policy_recompute WHERE NOT done ORDER BY authority LIMIT 1 FOR UPDATE`).
		Scan(&r.Authority, &r.Version, &r.Passed)
	if err == pgx.ErrNoRows {
		return Recompute{}, false, nil
	}
	if err != nil {
		return Recompute{}, false, fmt.Errorf("look for units to count anew: %w", err)
	}
	return r, true, nil
}

// IsRecomputing says whether any authority has units left to count anew.
func IsRecomputing(ctx context.Context, q Querier) (is bool, err error) {
	if err = q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM policy_recompute WHERE NOT done)`).Scan(&is); err != nil {
		return false, fmt.Errorf("look for units to count anew: %w", err)
	}
	return is, nil
}

// PassRecompute notes the last unit counted, and whether it was the last of all.
func PassRecompute(ctx context.Context, tx pgx.Tx, authority string, passed uuid.UUID, done bool) error {
	_, err := tx.Exec(ctx, `UPDATE policy_recompute SET passed = $2, done = $3 WHERE authority = $1`, authority, passed, done)
	if err != nil {
		return fmt.Errorf("note units counted anew for %s: %w", authority, err)
	}
	return nil
}

// KeepPlan remembers the last plan that was made for an authority.
func KeepPlan(ctx context.Context, tx pgx.Tx, authority string, at time.Time, plan any) error {
	text, err := json.Marshal(plan)
	if err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO policy_plan (authority, made_at, plan) VALUES ($1, $2, $3)
		ON CONFLICT (authority) DO UPDATE SET made_at = excluded.made_at, plan = excluded.plan`, authority, at, text)
	if err != nil {
		return fmt.Errorf("keep plan of %s: %w", authority, err)
	}
	return nil
}

// PlanOf reads the last plan that was made for an authority; nil where there is none.
func PlanOf(ctx context.Context, q Querier, authority string) (json.RawMessage, error) {
	var plan json.RawMessage
	err := q.QueryRow(ctx, `SELECT plan FROM policy_plan WHERE authority = $1`, authority).Scan(&plan)
	if err == pgx.ErrNoRows {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read plan of %s: %w", authority, err)
	}
	return plan, nil
}
