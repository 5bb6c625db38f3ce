package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Link says about whom a contact is, and in which case its note lies; Case is
// uuid.Nil where it has none.
type Link struct {
	Authority             string
	Contact, Person, Case uuid.UUID
}

// AddLinks notes links, of a contact one at a time. A contact that is gone is passed
// over.
func AddLinks(ctx context.Context, tx pgx.Tx, links ...Link) error {
	if len(links) == 0 {
		return nil
	}
	authorities, contacts := make([]string, len(links)), make([]uuid.UUID, len(links))
	persons, cases := make([]uuid.UUID, len(links)), make([]*uuid.UUID, len(links))
	for i, l := range links {
		authorities[i], contacts[i], persons[i] = l.Authority, l.Contact, l.Person
		if l.Case != uuid.Nil {
			cases[i] = &l.Case
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE contact c SET linked_case = coalesce(l.case_id, c.linked_case),
			persons = CASE WHEN l.person = ANY(c.persons) THEN c.persons ELSE array_append(c.persons, l.person) END
		FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[]) AS l (authority, id, person, case_id)
		WHERE c.authority = l.authority AND c.id = l.id`, plannedAnew, authorities, contacts, persons, cases)
	if err != nil {
		return fmt.Errorf("link %d contacts: %w", len(links), err)
	}
	return nil
}

// FindUnit returns the unit of a living contact; found is false when it is gone.
func FindUnit(ctx context.Context, db Querier, authority string, contact uuid.UUID) (unit uuid.UUID, found bool, err error) {
	return unitOf(ctx, db, `SELECT unit FROM contact WHERE authority = $1 AND id = $2`, authority, contact)
}

// LockUnit is FindUnit, and keeps the contact as it is until tx ends.
func LockUnit(ctx context.Context, tx pgx.Tx, authority string, contact uuid.UUID) (unit uuid.UUID, found bool, err error) {
	return unitOf(ctx, tx, `SELECT unit FROM contact WHERE authority = $1 AND id = $2 FOR UPDATE`, authority, contact)
}

func unitOf(ctx context.Context, db Querier, sql, authority string, contact uuid.UUID) (unit uuid.UUID, found bool, err error) {
	err = db.QueryRow(ctx, sql, authority, contact).Scan(&unit)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("find unit of contact %s: %w", contact, err)
	}
	return unit, true, nil
}

// KeepUnlinked stores a note without a case with its contact; box may be nil.
func KeepUnlinked(ctx context.Context, tx pgx.Tx, authority string, contact uuid.UUID, box []byte, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET unlinked = $3, unlinked_reason = $4 WHERE authority = $1 AND id = $2`, authority, contact, box, reason)
	if err != nil {
		return fmt.Errorf("keep unlinked note of contact %s: %w", contact, err)
	}
	return nil
}
