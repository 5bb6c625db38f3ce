package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Mark notes that a person is protected.
func Mark(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) error {
	_, err := tx.Exec(ctx, `INSERT INTO protected_person (authority, person) VALUES ($1, $2) ON CONFLICT DO NOTHING`, authority, person)
	if err != nil {
		return fmt.Errorf("note protection: %w", err)
	}
	return nil
}

// Unmark notes that a person is protected no longer.
func Unmark(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) error {
	_, err := tx.Exec(ctx, `DELETE FROM protected_person WHERE authority = $1 AND person = $2`, authority, person)
	if err != nil {
		return fmt.Errorf("note end of protection: %w", err)
	}
	return nil
}

// forgetProtected drops, when something hidden is among these disposed units ($2), the marks of persons who have no living unit
// and no contact any more. A person is told of before the mark, so that one who is new is never among them.
const forgetProtected = `
	DELETE FROM protected_person AS p WHERE p.authority = $1
	  AND EXISTS (SELECT FROM unit WHERE authority = $1 AND unit = ANY($2) AND protected)
	  AND NOT EXISTS (SELECT FROM unit AS u WHERE u.authority = p.authority AND u.person = p.person AND u.state <> 'disposed')
	  AND NOT EXISTS (SELECT FROM contact_person AS c WHERE c.authority = p.authority AND c.person = p.person)`

// Link says whose a contact is.
type Link struct {
	Authority      string
	Record, Person uuid.UUID
}

// AddLinks notes whose contacts are. It may come before the contact itself, and leaves nothing for one that is disposed of.
func AddLinks(ctx context.Context, tx pgx.Tx, links ...Link) error {
	if len(links) == 0 {
		return nil
	}
	authorities, records, persons := make([]string, len(links)), make([]uuid.UUID, len(links)), make([]uuid.UUID, len(links))
	for i, l := range links {
		authorities[i], records[i], persons[i] = l.Authority, l.Record, l.Person
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO contact_person (authority, record, person)
		SELECT l.authority, l.record, l.person FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS l(authority, record, person)
		WHERE NOT EXISTS (SELECT FROM record AS r JOIN unit AS u ON u.authority = r.authority AND u.unit = r.unit
			WHERE r.authority = l.authority AND r.record = l.record AND u.state = 'disposed')
		ON CONFLICT DO NOTHING`, authorities, records, persons)
	if err != nil {
		return fmt.Errorf("link %d contacts: %w", len(links), err)
	}
	return nil
}
