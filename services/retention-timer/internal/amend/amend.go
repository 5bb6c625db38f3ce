// Package amend changes policies at run time: a pack is planned, then activated by whoever has seen its plan, and every
// living unit of the authority is counted anew.
//
// A pack that is refused changes nothing: the last good one stays in force.
package amend

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/plan"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// Desk plans and activates.
type Desk struct {
	*schedule.Desk
	DB     *pgxpool.Pool
	Clock  clock.Business
	Follow *follow.Follower
	// Changed is called after a commit: events wait, and dates are to be counted anew.
	Changed func()
}

// Plan says what a changed pack would do, and keeps the answer for the console. Problems: policy-refused, with a line for
// each fault.
func (d *Desk) Plan(ctx context.Context, authority string, files map[string]string) (plan.Plan, error) {
	from, to, err := d.packs(authority, files)
	if err != nil {
		return plan.Plan{}, err
	}
	now := d.Clock.Now()
	made, err := plan.Make(ctx, d.DB, from, to, to.Today(now))
	if err != nil {
		return plan.Plan{}, err
	}
	return made, pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.KeepPlan(ctx, tx, authority, now, made) })
}

// packs are the one in force and the one that shall be.
func (d *Desk) packs(authority string, files map[string]string) (from, to *policy.Pack, err error) {
	if from, err = d.Pack(authority); err != nil {
		return nil, nil, problem.New("unknown-authority")
	}
	if to, err = policy.Parse(authority, files); err == nil {
		err = plan.Allowed(from, to, from.Today(d.Clock.Now()))
	}
	if err != nil {
		refused := problem.New("policy-refused")
		refused.Detail = err.Error()
		return nil, nil, refused
	}
	return from, to, nil
}

// Activated is the version that is coming into force.
type Activated struct {
	Version   string `json:"version"`
	ValidFrom string `json:"validFrom"`
	Hash      string `json:"hash"`
}

// Activate puts a pack into force whose plan the caller has seen: planHash is of that change, made on this day. Problems:
// policy-refused, plan-stale. Activating the same pack again changes nothing.
func (d *Desk) Activate(ctx context.Context, authority string, files map[string]string, planHash string) (Activated, error) {
	var done Activated
	err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) (err error) {
		if err := store.PolicyAlone(ctx, tx); err != nil {
			return err
		}
		if err := d.Follow.Catch(ctx, tx); err != nil {
			return err
		}
		done, err = d.activate(ctx, tx, authority, files, planHash)
		return err
	})
	if err != nil {
		return Activated{}, err
	}
	if err := d.Follow.Refresh(ctx); err != nil {
		return Activated{}, err
	}
	d.Changed()
	return done, nil
}

func (d *Desk) activate(ctx context.Context, tx pgx.Tx, authority string, files map[string]string, planHash string) (Activated, error) {
	if from, err := d.Pack(authority); err == nil && maps.Equal(from.Files(), files) {
		return activated(from), nil
	}
	from, to, err := d.packs(authority, files)
	if err != nil {
		return Activated{}, err
	}
	now := d.Clock.Now()
	if planHash != plan.Hash(from, to, to.Today(now)) {
		return Activated{}, problem.New("plan-stale")
	}
	done := activated(to)
	err = follow.Store(ctx, tx, follow.Activation{Authority: authority, Version: to.Version,
		ValidFrom: to.Versions[len(to.Versions)-1].ValidFrom, Hash: to.Hash(), Files: to.Files(), ActivatedAt: now})
	if err != nil {
		return Activated{}, err
	}
	if err := store.BeginRecompute(ctx, tx, authority, to.Version); err != nil {
		return Activated{}, err
	}
	said := events.PolicyActivated{Authority: authority, Version: done.Version, ValidFrom: done.ValidFrom, Hash: done.Hash, Plan: planHash}
	for _, name := range slices.Sorted(maps.Keys(to.Files())) {
		said.Files = append(said.Files, events.PolicyFile{Name: name, Text: to.Files()[name]})
	}
	return done, d.Out.Append(ctx, tx, outbox.Draft{Authority: authority, Type: events.TypePolicyActivated, Subject: authority, Key: authority,
		Data: said, PolicyVersion: to.Version})
}

func activated(p *policy.Pack) Activated {
	newest := p.Versions[len(p.Versions)-1]
	return Activated{Version: newest.Name, ValidFrom: newest.ValidFrom.String(), Hash: p.Hash()}
}

// Agenda counts units anew under changed packs, for as long as some are left.
func (d *Desk) Agenda() *clock.Agenda {
	return &clock.Agenda{
		Name: "policy recompute",
		Next: func(ctx context.Context) (time.Time, bool, error) {
			is, err := store.IsRecomputing(ctx, d.DB)
			return time.Unix(0, 0).UTC(), is, err
		},
		Run: d.Recompute,
	}
}

// atOnce is how many units are counted anew in one transaction, while nobody else arms any.
const atOnce = 500

// Recompute counts units anew until none is left.
func (d *Desk) Recompute(ctx context.Context, now time.Time) error {
	for more := true; more; {
		err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) (err error) {
			more, err = d.some(ctx, tx, now)
			return err
		})
		if err != nil {
			return fmt.Errorf("count units anew: %w", err)
		}
		d.Changed()
	}
	return nil
}

func (d *Desk) some(ctx context.Context, tx pgx.Tx, now time.Time) (more bool, err error) {
	if err := store.PolicyAlone(ctx, tx); err != nil {
		return false, err
	}
	if err := d.Follow.Catch(ctx, tx); err != nil {
		return false, err
	}
	r, ok, err := store.Recomputing(ctx, tx)
	if err != nil || !ok {
		return false, err
	}
	units, err := store.LockUnitsAfter(ctx, tx, r.Authority, r.Passed, atOnce)
	if err != nil {
		return false, err
	}
	if err := d.UnitsAnew(ctx, tx, schedule.Cause{Event: "policy.activated", At: now}, r.Authority, units); err != nil {
		return false, err
	}
	passed := r.Passed
	if len(units) > 0 {
		passed = units[len(units)-1].ID
	}
	return true, store.PassRecompute(ctx, tx, r.Authority, passed, len(units) < atOnce)
}

// Still holds the policies still while events are applied, and counts by the newest: the consumer's first step in each
// transaction.
func (d *Desk) Still(ctx context.Context, tx pgx.Tx) error {
	if err := store.UnderPolicy(ctx, tx); err != nil {
		return err
	}
	return d.Follow.Catch(ctx, tx)
}
