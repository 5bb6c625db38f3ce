package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Person is what is known of a person's registration.
type Person struct {
	RegisteredOn   calendar.Date // first: since then the data have been collected
	SpellOn        calendar.Date // when the present registration, or the last one, began
	DeregisteredOn calendar.Date // zero while registered
	IdentityGone   bool
}

// LockPerson locks the person's row, which is made if this is the first word about the person, and reads it.
func LockPerson(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) (Person, error) {
	var p Person
	err := tx.QueryRow(ctx, `
		INSERT INTO person_fact (authority, person) VALUES ($1, $2)
		ON CONFLICT (authority, person) DO UPDATE SET person = excluded.person
		RETURNING registered_on, spell_on, deregistered_on, identity_gone`, authority, person).
		Scan(&p.RegisteredOn, &p.SpellOn, &p.DeregisteredOn, &p.IdentityGone)
	if err != nil {
		return Person{}, fmt.Errorf("lock person %s: %w", person, err)
	}
	return p, nil
}

// SavePerson writes what has become known.
func SavePerson(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, p Person) error {
	_, err := tx.Exec(ctx, `
		UPDATE person_fact SET registered_on = $3, spell_on = $4, deregistered_on = $5, identity_gone = $6
		WHERE authority = $1 AND person = $2`, authority, person, p.RegisteredOn, p.SpellOn, p.DeregisteredOn, p.IdentityGone)
	if err != nil {
		return fmt.Errorf("save person %s: %w", person, err)
	}
	return nil
}

// PersonOf reads without a lock; ok is false for a person never heard of, or gone with all shares.
func PersonOf(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) (p Person, ok bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT registered_on, spell_on, deregistered_on, identity_gone FROM person_fact WHERE authority = $1 AND person = $2`,
		authority, person).Scan(&p.RegisteredOn, &p.SpellOn, &p.DeregisteredOn, &p.IdentityGone)
	if err == pgx.ErrNoRows {
		return Person{}, false, nil
	}
	if err != nil {
		return Person{}, false, fmt.Errorf("read person %s: %w", person, err)
	}
	return p, true, nil
}

// PersonsOf reads persons without a lock, by id; one never heard of is missing.
func PersonsOf(ctx context.Context, tx pgx.Tx, authority string, persons []uuid.UUID) (map[uuid.UUID]Person, error) {
	rows, err := tx.Query(ctx, `
		SELECT person, registered_on, spell_on, deregistered_on, identity_gone FROM person_fact WHERE authority = $1 AND person = ANY($2)`,
		authority, persons)
	if err != nil {
		return nil, fmt.Errorf("read persons: %w", err)
	}
	found := map[uuid.UUID]Person{}
	var id uuid.UUID
	var p Person
	_, err = pgx.ForEachRow(rows, []any{&id, &p.RegisteredOn, &p.SpellOn, &p.DeregisteredOn, &p.IdentityGone}, func() error {
		found[id] = p
		return nil
	})
	return found, err
}

// Forget drops the facts of these disposed units' persons and groups that no living unit needs. The date of
// deregistration stays as long as a share of the person needs it.
func Forget(ctx context.Context, tx pgx.Tx, authority string, disposed []uuid.UUID) error {
	batch := &pgx.Batch{}
	batch.Queue(`
		UPDATE person_fact AS p SET identity_gone = true
		FROM unit AS u WHERE u.authority = $1 AND u.unit = ANY($2) AND u.kind = 'identity'
		  AND p.authority = $1 AND p.person = u.person`, authority, disposed)
	batch.Queue(`
		DELETE FROM person_fact AS p USING unit AS u
		WHERE u.authority = $1 AND u.unit = ANY($2) AND p.authority = $1 AND p.person = u.person
		  AND (p.identity_gone OR p.registered_on IS NULL)
		  AND NOT EXISTS (SELECT 1 FROM unit AS o WHERE o.authority = $1 AND o.person = p.person AND o.state <> 'disposed')`, authority, disposed)
	batch.Queue(forgetGroups, authority, disposed)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("forget facts of disposed units: %w", err)
	}
	return nil
}
