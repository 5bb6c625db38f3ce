package follow

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Migrations make the table of activations (directory "migrations", version table "policy_version").
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Activation is one pack that was made the authority's policy.
type Activation struct {
	Authority   string            `json:"authority"`
	Version     string            `json:"version"`   // newest version of the pack
	ValidFrom   calendar.Date     `json:"validFrom"` // of that version
	Hash        string            `json:"hash"`      // of the pack
	Files       map[string]string `json:"-"`
	ActivatedAt time.Time         `json:"activatedAt"` // UTC
}

// Store adds an activation. The same one twice is stored once. It refuses for good what does not parse, what is not what it
// says it is, and a version that is there with another text.
func Store(ctx context.Context, tx pgx.Tx, a Activation) error {
	if err := a.check(); err != nil {
		return bus.Refuse(fmt.Errorf("activate policy: %w", err))
	}
	// One at a time per authority: n has no gap.
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('policy_activation'), hashtext($1))`, a.Authority); err != nil {
		return fmt.Errorf("activate policy: %w", err)
	}
	var stored string
	err := tx.QueryRow(ctx, `SELECT hash FROM policy_activation WHERE authority = $1 AND version = $2`, a.Authority, a.Version).Scan(&stored)
	switch {
	case err == nil && stored == a.Hash:
		return nil
	case err == nil:
		return bus.Refuse(fmt.Errorf("activate policy: version %s of %s is active with another text", a.Version, a.Authority))
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("activate policy: %w", err)
	}
	if _, err = tx.Exec(ctx, `
		INSERT INTO policy_activation (authority, n, version, valid_from, hash, files, activated_at)
		SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6 FROM policy_activation WHERE authority = $1`,
		a.Authority, a.Version, a.ValidFrom, a.Hash, a.Files, a.ActivatedAt); err != nil {
		return fmt.Errorf("activate policy: %w", err)
	}
	return nil
}

// check: the text is a sound pack, and the one that the activation names.
func (a Activation) check() error {
	p, err := policy.Parse(a.Authority, a.Files)
	if err != nil {
		return err
	}
	newest := p.Versions[len(p.Versions)-1]
	if newest.Name != a.Version || newest.ValidFrom != a.ValidFrom || p.Hash() != a.Hash {
		return fmt.Errorf("the files of %s are version %s from %s, not %s from %s as it was called", a.Authority, newest.Name, newest.ValidFrom, a.Version, a.ValidFrom)
	}
	return nil
}

// Queryer is a pool, or the transaction in which a caller wants to see what others have committed.
type Queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Activations lists an authority's activations, oldest first.
func Activations(ctx context.Context, db Queryer, authority string) ([]Activation, error) {
	rows, err := db.Query(ctx, `
		SELECT authority, version, valid_from, hash, files, activated_at FROM policy_activation WHERE authority = $1 ORDER BY n`, authority)
	if err != nil {
		return nil, fmt.Errorf("list activations: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Activation])
}
