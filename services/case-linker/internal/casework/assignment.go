package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/store"
)

// Who handles a case is kept by an opaque id, which no table leads back to an account (STH-21).

// Assigned says whether the caller handles a case.
func (d *Desk) Assigned(ctx context.Context, c bearer.Claims, caseID uuid.UUID) (bool, error) {
	officer, err := d.officerID(ctx, c.Authority, c.Name)
	if err != nil {
		return false, err
	}
	return store.Handles(ctx, d.DB, c.Authority, caseID, officer)
}

// officerID is made of an account's HMAC, under a key that does not change.
func (d *Desk) officerID(ctx context.Context, authority, account string) (uuid.UUID, error) {
	mac, err := d.Keys.TombstoneMAC(ctx, authority, []byte("officer|"+account))
	if err != nil {
		return uuid.Nil, err
	}
	return uuid.FromBytes(mac[:16])
}

// Assignment is that an officer of the authority handles a case, or does so no longer.
type Assignment struct {
	Authority string
	Case      uuid.UUID
	Account   string
	Off       bool
}

// Assign carries an assignment out; again is true when nothing was left to do.
func (d *Desk) Assign(ctx context.Context, a Assignment) (again bool, err error) {
	officer, err := d.officerID(ctx, a.Authority, a.Account)
	if err != nil {
		return false, err
	}
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if _, _, err := d.lockCase(ctx, tx, a.Authority, a.Case); err != nil {
			return err
		}
		done, err := false, error(nil)
		if a.Off {
			done, err = store.UnassignOfficer(ctx, tx, a.Authority, a.Case, officer)
		} else {
			done, err = store.AssignOfficer(ctx, tx, a.Authority, a.Case, officer, d.Clock.Now())
		}
		if again = !done; err != nil || again {
			return err
		}
		return d.Box.Append(ctx, tx, d.assigned(a.Authority, a.Case, officer, !a.Off))
	})
	if err == nil {
		d.Box.Committed()
	}
	return again, err
}

func (d *Desk) assigned(authority string, caseID, officer uuid.UUID, on bool) outbox.Draft {
	return outbox.Draft{Authority: authority, Type: events.TypeCaseAssigned, Subject: caseID.String(), Key: caseID.String(),
		Data: events.CaseAssigned{Case: caseID, Officer: officer, Assigned: on}}
}

// handlers are the roles whose bearers handle the cases that they open; a case that a machine hands in is nobody's yet.
var handlers = []string{"case-officer", "control-officer", "protected-officer", "recruiter", "admin"}

// opener is who handles a case from its opening on: the officer that opened it.
func (d *Desk) opener(ctx context.Context, authority string) (officer uuid.UUID, found bool, err error) {
	c, ok := bearer.From(ctx)
	if !ok || c.Authority != authority || !slices.ContainsFunc(handlers, c.Has) {
		return uuid.Nil, false, nil
	}
	officer, err = d.officerID(ctx, authority, c.Name)
	return officer, err == nil, err
}

// MayAssign refuses whoever neither administers the authority nor handles the case.
func (d *Desk) MayAssign(ctx context.Context, c bearer.Claims, caseID uuid.UUID) error {
	if _, err := d.TypeOf(ctx, c.Authority, caseID); err != nil {
		return err
	}
	if c.Has("admin") || c.Has("records-manager") {
		return nil
	}
	handles, err := d.Assigned(ctx, c, caseID)
	if err == nil && !handles {
		err = problem.ByRule("forbidden", "STH-21")
	}
	return err
}
