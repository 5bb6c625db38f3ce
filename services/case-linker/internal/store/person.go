package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Person is one registered person; Person is the disposal unit's id too.
type Person struct {
	Authority      string
	Person         uuid.UUID
	RegisteredOn   calendar.Date // of the present registration
	DeregisteredOn calendar.Date // zero while registered
	DueAt          time.Time     // as retention-timer told; zero for none
	Intended       bool          // destruction is decided: readers get 410
	Held           bool          // a hold pauses it: readers get it whatever the date
	Protected      bool          // only appointed officers may know of it
	Content        []byte
	Commitment     []byte
}

const personColumns = `authority, person, registered_on, deregistered_on, due_at, intended,
	EXISTS (SELECT 1 FROM unit_hold AS h WHERE h.authority = person.authority AND h.unit = person.person),
	EXISTS (SELECT FROM protected_person AS x WHERE x.authority = person.authority AND x.person = person.person), content, commitment`

func scanPerson(row pgx.CollectableRow) (p Person, err error) {
	var due *time.Time
	err = row.Scan(&p.Authority, &p.Person, &p.RegisteredOn, &p.DeregisteredOn, &due, &p.Intended, &p.Held, &p.Protected, &p.Content, &p.Commitment)
	p.DueAt = orZero(due)
	return p, err
}

// FindPerson reads a person.
func FindPerson(ctx context.Context, db DB, authority string, person uuid.UUID) (p Person, found bool, err error) {
	return one(ctx, db, scanPerson, `SELECT `+personColumns+` FROM person WHERE authority = $1 AND person = $2`, authority, person)
}

// LockPersons locks the rows of persons in the order of their ids, before anything else of theirs is written.
func LockPersons(ctx context.Context, tx pgx.Tx, authority string, persons []uuid.UUID) (map[uuid.UUID]Person, error) {
	rows, err := tx.Query(ctx, `SELECT `+personColumns+` FROM person WHERE authority = $1 AND person = ANY($2) ORDER BY person FOR UPDATE`,
		authority, persons)
	if err != nil {
		return nil, fmt.Errorf("lock persons: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanPerson)
	if err != nil {
		return nil, fmt.Errorf("lock persons: %w", err)
	}
	out := make(map[uuid.UUID]Person, len(found))
	for _, p := range found {
		out[p.Person] = p
	}
	return out, nil
}

// HoldPersons locks as LockPersons does, and reads nothing.
func HoldPersons(ctx context.Context, tx pgx.Tx, authority string, persons []uuid.UUID) error {
	_, err := tx.Exec(ctx, `SELECT FROM person WHERE authority = $1 AND person = ANY($2) ORDER BY person FOR UPDATE`, authority, persons)
	if err != nil {
		return fmt.Errorf("lock persons: %w", err)
	}
	return nil
}

// InsertPerson stores a new person; false when the id is there already.
func InsertPerson(ctx context.Context, tx pgx.Tx, p Person) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO person (authority, person, registered_on, content, commitment) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, p.Authority, p.Person, p.RegisteredOn, p.Content, p.Commitment)
	if err != nil {
		return false, fmt.Errorf("insert person: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Register begins a registration, the person's first or a new one, and clears what the last one's end had set.
func Register(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, on calendar.Date) error {
	_, err := tx.Exec(ctx, `
		WITH again AS (
			UPDATE person SET registered_on = $3, deregistered_on = NULL, due_at = NULL WHERE authority = $1 AND person = $2)
		INSERT INTO registration (authority, person, n, from_on)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3 FROM registration WHERE authority = $1 AND person = $2`, authority, person, on)
	if err != nil {
		return fmt.Errorf("begin registration: %w", err)
	}
	return nil
}

// Deregister ends the present registration.
func Deregister(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, on calendar.Date) error {
	_, err := tx.Exec(ctx, `
		WITH ended AS (UPDATE person SET deregistered_on = $3 WHERE authority = $1 AND person = $2)
		UPDATE registration SET until_on = $3
		WHERE authority = $1 AND person = $2 AND n = (SELECT max(n) FROM registration WHERE authority = $1 AND person = $2)`,
		authority, person, on)
	if err != nil {
		return fmt.Errorf("end registration: %w", err)
	}
	return nil
}

// CorrectDeregistration puts the end of the last registration on another day, and takes away the instant that
// retention-timer told of the old one.
func CorrectDeregistration(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, on calendar.Date) error {
	if err := Deregister(ctx, tx, authority, person, on); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE person SET due_at = NULL WHERE authority = $1 AND person = $2`, authority, person)
	if err != nil {
		return fmt.Errorf("correct registration: %w", err)
	}
	return nil
}

// Span is one registration; Until is zero while it lasts.
type Span struct{ From, Until calendar.Date }

// Registrations are a person's registrations, oldest first.
func Registrations(ctx context.Context, db DB, authority string, person uuid.UUID) ([]Span, error) {
	rows, err := db.Query(ctx, `SELECT from_on, until_on FROM registration WHERE authority = $1 AND person = $2 ORDER BY n`, authority, person)
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Span, err error) {
		err = row.Scan(&s.From, &s.Until)
		return s, err
	})
}

func one[T any](ctx context.Context, db DB, scan func(pgx.CollectableRow) (T, error), sql string, args ...any) (v T, found bool, err error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return v, false, err
	}
	v, err = pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// UpdatePerson replaces what is known of a person, at a new registration.
func UpdatePerson(ctx context.Context, tx pgx.Tx, p Person) error {
	_, err := tx.Exec(ctx, `UPDATE person SET content = $3, commitment = $4 WHERE authority = $1 AND person = $2`,
		p.Authority, p.Person, p.Content, p.Commitment)
	if err != nil {
		return fmt.Errorf("update person: %w", err)
	}
	return nil
}
