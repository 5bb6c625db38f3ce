package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Kinds of shares, by whom they are about.
const (
	Registered = "registered" // a registered person
	Applicant  = "applicant"  // somebody who takes part in a recruitment: found by no number
	OwnShare   = "case"       // nobody: the part of a recruitment that is there before anyone applies

	Representative = "representative" // somebody who speaks for an organisation: found by no number either
)

// Share is one person's part of a case and the unit in which it is disposed of; it carries its own copy of name and
// number, so that an open case outlives the identity.
type Share struct {
	Authority  string
	Share      uuid.UUID
	Case       uuid.UUID
	Person     uuid.UUID
	Kind       string    // "" is Registered
	NumberMAC  []byte    // of an applicant's number, so that nobody applies twice
	DueAt      time.Time // zero for none
	Intended   bool
	Held       bool // a hold pauses it
	Content    []byte
	Commitment []byte // of the case file record
	KeyNumber  int    // whoever writes under its unit holds the key of this number, or a newer one
}

const shareColumns = `authority, share, case_id, person, kind, due_at, intended,
	EXISTS (SELECT 1 FROM unit_hold AS h WHERE h.authority = share.authority AND h.unit = share.share), content, commitment, key_number`

func scanShare(row pgx.CollectableRow) (s Share, err error) {
	var due *time.Time
	err = row.Scan(&s.Authority, &s.Share, &s.Case, &s.Person, &s.Kind, &due, &s.Intended, &s.Held, &s.Content, &s.Commitment, &s.KeyNumber)
	s.DueAt = orZero(due)
	return s, err
}

// FindShare reads a share.
func FindShare(ctx context.Context, db DB, authority string, share uuid.UUID) (Share, bool, error) {
	return one(ctx, db, scanShare, `SELECT `+shareColumns+` FROM share WHERE authority = $1 AND share = $2`, authority, share)
}

// SharesOfCase are a case's shares, in the order of persons.
func SharesOfCase(ctx context.Context, db DB, authority string, id uuid.UUID) ([]Share, error) {
	rows, err := db.Query(ctx, `SELECT `+shareColumns+` FROM share WHERE authority = $1 AND case_id = $2 ORDER BY person`, authority, id)
	if err != nil {
		return nil, fmt.Errorf("read shares: %w", err)
	}
	return pgx.CollectRows(rows, scanShare)
}

// SharesOfPerson are a person's shares, in the order of cases.
func SharesOfPerson(ctx context.Context, db DB, authority string, person uuid.UUID) ([]Share, error) {
	rows, err := db.Query(ctx, `SELECT `+shareColumns+` FROM share WHERE authority = $1 AND person = $2 ORDER BY case_id`, authority, person)
	if err != nil {
		return nil, fmt.Errorf("read shares: %w", err)
	}
	return pgx.CollectRows(rows, scanShare)
}

// LockShares locks shares by their ids.
func LockShares(ctx context.Context, tx pgx.Tx, authority string, shares []uuid.UUID) (map[uuid.UUID]Share, error) {
	rows, err := tx.Query(ctx, `SELECT `+shareColumns+` FROM share WHERE authority = $1 AND share = ANY($2) ORDER BY share FOR UPDATE`, authority, shares)
	if err != nil {
		return nil, fmt.Errorf("lock shares: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanShare)
	if err != nil {
		return nil, fmt.Errorf("lock shares: %w", err)
	}
	out := make(map[uuid.UUID]Share, len(found))
	for _, s := range found {
		out[s.Share] = s
	}
	return out, nil
}

// LockSharesOfCase locks and reads a case's shares, in the order of persons.
func LockSharesOfCase(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) ([]Share, error) {
	rows, err := tx.Query(ctx, `SELECT `+shareColumns+` FROM share WHERE authority = $1 AND case_id = $2 ORDER BY share FOR UPDATE`, authority, id)
	if err != nil {
		return nil, fmt.Errorf("lock shares: %w", err)
	}
	shares, err := pgx.CollectRows(rows, scanShare)
	slices.SortFunc(shares, func(a, b Share) int { return bytes.Compare(a.Person[:], b.Person[:]) })
	return shares, err
}

// ApplicantShare finds the share of an applicant of a case by the HMAC of the number.
func ApplicantShare(ctx context.Context, db DB, authority string, id uuid.UUID, mac []byte) (Share, bool, error) {
	return one(ctx, db, scanShare, `SELECT `+shareColumns+` FROM share WHERE authority = $1 AND case_id = $2 AND number_mac = $3`, authority, id, mac)
}

// InsertShare stores a share.
func InsertShare(ctx context.Context, tx pgx.Tx, s Share) error {
	if s.Kind == "" {
		s.Kind = Registered
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO share (authority, share, case_id, person, kind, number_mac, content, commitment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Authority, s.Share, s.Case, s.Person, s.Kind, s.NumberMAC, s.Content, s.Commitment)
	if err != nil {
		return fmt.Errorf("insert share: %w", err)
	}
	return nil
}

// SetDue keeps beside a person, share or unit of notes the instant that retention-timer told; the zero time takes it away.
func SetDue(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID, due time.Time) error {
	var at *time.Time
	if !due.IsZero() {
		at = &due
	}
	_, err := tx.Exec(ctx, `
		WITH p AS (UPDATE person SET due_at = $3 WHERE authority = $1 AND person = $2),
		     n AS (UPDATE note_unit SET due_at = $3 WHERE authority = $1 AND unit = $2)
		UPDATE share SET due_at = $3 WHERE authority = $1 AND share = $2`, authority, unit, at)
	if err != nil {
		return fmt.Errorf("keep due instant: %w", err)
	}
	return nil
}

// OtherCases counts a person's cases opened in the five years before an instant, the given one left out.
func OtherCases(ctx context.Context, db DB, authority string, person, except uuid.UUID, since, until time.Time) (n int, err error) {
	err = db.QueryRow(ctx, `
		SELECT count(*) FROM share AS s JOIN case_file AS c USING (authority, case_id)
		WHERE s.authority = $1 AND s.person = $2 AND s.case_id <> $3 AND c.opened_at >= $4 AND c.opened_at < $5`,
		authority, person, except, since, until).Scan(&n)
	return n, err
}
