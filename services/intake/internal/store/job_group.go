package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Group is a job-seeker group. EndOn is zero where no end is planned; Ended says that it has come.
type Group struct {
	Authority      string
	ID             uuid.UUID
	Source         []byte // MAC of the sender's id
	Name           string
	StartOn, EndOn calendar.Date
	Ended          bool
}

// AddGroup writes a group; added is false where one of that source is there.
func AddGroup(ctx context.Context, tx pgx.Tx, g Group) (added bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO job_group (authority, id, source, name, start_on, end_on) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (authority, source) DO NOTHING`, g.Authority, g.ID, g.Source, g.Name, g.StartOn, g.EndOn)
	if err != nil {
		return false, fmt.Errorf("add group %s: %w", g.ID, err)
	}
	return tag.RowsAffected() == 1, nil
}

const groupRow = `SELECT authority, id, source, name, start_on, end_on, ended FROM job_group WHERE authority = $1 AND `

// GroupOf is the group with the sender's id.
func GroupOf(ctx context.Context, db Querier, authority string, source []byte) (Group, bool, error) {
	return groupOf(db.QueryRow(ctx, groupRow+`source = $2`, authority, source))
}

// FindGroup is the group with that id.
func FindGroup(ctx context.Context, db Querier, authority string, id uuid.UUID) (Group, bool, error) {
	return groupOf(db.QueryRow(ctx, groupRow+`id = $2`, authority, id))
}

// LockGroup is FindGroup, and keeps the group as it is until tx ends.
func LockGroup(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (Group, bool, error) {
	return groupOf(tx.QueryRow(ctx, groupRow+`id = $2 FOR UPDATE`, authority, id))
}

func groupOf(row pgx.Row) (g Group, found bool, err error) {
	err = row.Scan(&g.Authority, &g.ID, &g.Source, &g.Name, &g.StartOn, &g.EndOn, &g.Ended)
	if errors.Is(err, pgx.ErrNoRows) {
		return g, false, nil
	}
	if err != nil {
		return g, false, fmt.Errorf("find group: %w", err)
	}
	return g, true, nil
}

// MoveGroup gives a group and all who took part in it another last day.
func MoveGroup(ctx context.Context, tx pgx.Tx, g Group) error {
	_, err := tx.Exec(ctx, `UPDATE job_group SET end_on = $3, ended = $4 WHERE authority = $1 AND id = $2`, g.Authority, g.ID, g.EndOn, g.Ended)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE contact c SET ended_on = $3 FROM participant p
			WHERE p.authority = $1 AND p.job_group = $2 AND c.authority = p.authority AND c.id = p.id`, g.Authority, g.ID, g.EndOn)
	}
	if err != nil {
		return fmt.Errorf("move group %s: %w", g.ID, err)
	}
	return nil
}

// lockGroups locks the groups of participants whose disposal is committed, and returns them.
func lockGroups(ctx context.Context, tx pgx.Tx, authorities []string, units []uuid.UUID) (of []string, groups []uuid.UUID, err error) {
	rows, err := tx.Query(ctx, `
		SELECT g.authority, g.id FROM job_group g WHERE (g.authority, g.id) IN (
			SELECT p.authority, p.job_group FROM unnest($1::text[], $2::uuid[]) AS w (authority, unit)
			JOIN intent i USING (authority, unit) JOIN participant p ON p.authority = i.authority AND p.id = i.contact)
		ORDER BY g.authority, g.id FOR UPDATE`, plannedAnew, authorities, units)
	if err != nil {
		return nil, nil, fmt.Errorf("lock groups: %w", err)
	}
	var authority string
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&authority, &id}, func() error {
		of, groups = append(of, authority), append(groups, id)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("lock groups: %w", err)
	}
	return of, groups, nil
}

// dropGroups deletes those of these groups, which are locked, that have an end and nobody left: the last participant's data go
// a year after it (KSC-18), and the group's own with them.
func dropGroups(ctx context.Context, tx pgx.Tx, authorities []string, groups []uuid.UUID) error {
	if len(groups) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM job_group g USING unnest($1::text[], $2::uuid[]) AS w (authority, id)
		WHERE g.authority = w.authority AND g.id = w.id AND g.end_on IS NOT NULL
		  AND NOT EXISTS (SELECT FROM participant p WHERE p.authority = g.authority AND p.job_group = g.id)`, authorities, groups)
	if err != nil {
		return fmt.Errorf("drop groups: %w", err)
	}
	return nil
}

// CountFrom says from which day a contact's period counts; zero: it is not known yet.
func CountFrom(ctx context.Context, tx pgx.Tx, authority string, contact uuid.UUID, on calendar.Date) error {
	if _, err := tx.Exec(ctx, `UPDATE contact SET ended_on = $3 WHERE authority = $1 AND id = $2`, authority, contact, on); err != nil {
		return fmt.Errorf("count contact %s: %w", contact, err)
	}
	return nil
}
