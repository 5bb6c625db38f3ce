package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Access is one line of the access log: who read which record about whom, why and when.
type Access struct {
	Authority string
	Entry     uuid.UUID
	Person    uuid.UUID // uuid.Nil where nobody is known
	At        time.Time // UTC, business time
	Staff     uuid.UUID
	Role      string
	Record    uuid.UUID
	Category  string
	Action    string
	Purpose   string
	Outcome   string
	Signs     []string
}

// Review is what the review of a week found, as JSON.
type Review struct {
	Authority string
	WeekOn    calendar.Date // its Monday
	Findings  []byte
}

// LogAccess writes lines; one that is there already stays as it is.
func LogAccess(ctx context.Context, tx pgx.Tx, lines []Access) error {
	batch := &pgx.Batch{}
	for _, l := range lines {
		batch.Queue(`
			INSERT INTO access_entry (authority, entry, person, at, staff, role, record, category, action, purpose, outcome, signs)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
			l.Authority, l.Entry, l.Person, l.At, l.Staff, l.Role, l.Record, l.Category, l.Action, l.Purpose, l.Outcome, append([]string{}, l.Signs...))
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("log access: %w", err)
	}
	return nil
}

const accessColumns = `authority, entry, person, at, staff, role, record, category, action, purpose, outcome, signs`

func scanAccess(row pgx.CollectableRow) (a Access, err error) {
	err = row.Scan(&a.Authority, &a.Entry, &a.Person, &a.At, &a.Staff, &a.Role, &a.Record, &a.Category, &a.Action, &a.Purpose, &a.Outcome, &a.Signs)
	a.At = a.At.UTC()
	return a, err
}

// AccessOf are the newest lines about a person, at most n, newest first.
func AccessOf(ctx context.Context, db DB, authority string, person uuid.UUID, n int) ([]Access, error) {
	return accessLines(ctx, db, `SELECT `+accessColumns+` FROM access_entry WHERE authority = $1 AND person = $2 ORDER BY at DESC, entry LIMIT $3`,
		authority, person, n)
}

// AccessBetween are the lines of a time, oldest first.
func AccessBetween(ctx context.Context, db DB, authority string, from, until time.Time) ([]Access, error) {
	return accessLines(ctx, db, `SELECT `+accessColumns+` FROM access_entry WHERE authority = $1 AND at >= $2 AND at < $3 ORDER BY at, entry, person`,
		authority, from, until)
}

func accessLines(ctx context.Context, db DB, sql string, args ...any) ([]Access, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	return pgx.CollectRows(rows, scanAccess)
}

// FirstUnreviewed is the oldest line of an authority that no review has looked at.
func FirstUnreviewed(ctx context.Context, db DB, authority string, reviewedUntil time.Time) (at time.Time, found bool, err error) {
	return one(ctx, db, pgx.RowTo[time.Time], `SELECT at FROM access_entry WHERE authority = $1 AND at >= $2 ORDER BY at LIMIT 1`, authority, reviewedUntil)
}

// LastReview is the Monday of the last week that was reviewed.
func LastReview(ctx context.Context, db DB, authority string) (monday calendar.Date, found bool, err error) {
	return one(ctx, db, pgx.RowTo[calendar.Date], `SELECT week_on FROM access_review WHERE authority = $1 ORDER BY week_on DESC LIMIT 1`, authority)
}

// FindReview reads the review of a week.
func FindReview(ctx context.Context, db DB, authority string, monday calendar.Date) (findings []byte, found bool, err error) {
	return one(ctx, db, pgx.RowTo[[]byte], `SELECT findings FROM access_review WHERE authority = $1 AND week_on = $2`, authority, monday)
}

// KeepReview stores a week's review, once; false when it is there. Lines about nobody that it has looked at go.
func KeepReview(ctx context.Context, tx pgx.Tx, r Review, until time.Time) (bool, error) {
	tag, err := tx.Exec(ctx, `INSERT INTO access_review (authority, week_on, findings) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		r.Authority, r.WeekOn, r.Findings)
	if err != nil {
		return false, fmt.Errorf("keep review: %w", err)
	}
	_, err = tx.Exec(ctx, `DELETE FROM access_entry WHERE authority = $1 AND person = $2 AND outcome = 'unknown' AND at < $3`, r.Authority, uuid.Nil, until)
	if err != nil {
		return false, fmt.Errorf("clear the log of what is not there: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// ForgetAccess deletes the lines about records that are gone and about whom nobody is known.
func ForgetAccess(ctx context.Context, tx pgx.Tx, authority string, records []uuid.UUID) error {
	_, err := tx.Exec(ctx, `DELETE FROM access_entry WHERE authority = $1 AND record = ANY($2) AND person = $3`, authority, records, uuid.Nil)
	if err != nil {
		return fmt.Errorf("forget access: %w", err)
	}
	return nil
}

// forgetAccess deletes the lines that burying an identity does not: those about persons of whom nothing is left here, who lost
// their identity earlier or never had one, as an applicant; and those about records that went and about whom nobody is known.
func (b *burial) forgetAccess(ctx context.Context, tx pgx.Tx) error {
	if len(b.persons) > 0 {
		_, err := tx.Exec(ctx, `
			DELETE FROM access_entry AS e WHERE e.authority = $1 AND e.person = ANY($2)
			  AND NOT EXISTS (SELECT FROM person AS o WHERE o.authority = e.authority AND o.person = e.person)
			  AND NOT EXISTS (SELECT FROM share AS s WHERE s.authority = e.authority AND s.person = e.person)
			  AND NOT EXISTS (SELECT FROM note_unit AS n WHERE n.authority = e.authority AND n.person = e.person)`,
			plannedAnew, b.authority, b.persons)
		if err != nil {
			return fmt.Errorf("forget access: %w", err)
		}
	}
	records := append([]uuid.UUID{}, b.ended...)
	for _, of := range b.gone {
		for _, r := range of {
			records = append(records, r.Record)
		}
	}
	if len(records) == 0 {
		return nil
	}
	return ForgetAccess(ctx, tx, b.authority, records)
}

// FindStaff finds who has an account.
func FindStaff(ctx context.Context, db DB, authority string, mac []byte) (staff uuid.UUID, found bool, err error) {
	return one(ctx, db, pgx.RowTo[uuid.UUID], `SELECT staff FROM staff WHERE authority = $1 AND account_mac = $2`, authority, mac)
}

// InsertStaff stores somebody's account; false when another was quicker.
func InsertStaff(ctx context.Context, db DB, authority string, staff uuid.UUID, mac, content []byte) (bool, error) {
	tag, err := db.Exec(ctx, `INSERT INTO staff (authority, staff, account_mac, content) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		authority, staff, mac, content)
	if err != nil {
		return false, fmt.Errorf("insert staff: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// StaffContents are the encrypted accounts of some staff.
func StaffContents(ctx context.Context, db DB, authority string, staff []uuid.UUID) (map[uuid.UUID][]byte, error) {
	rows, err := db.Query(ctx, `SELECT staff, content FROM staff WHERE authority = $1 AND staff = ANY($2)`, authority, staff)
	if err != nil {
		return nil, fmt.Errorf("read staff: %w", err)
	}
	out := map[uuid.UUID][]byte{}
	var id uuid.UUID
	var content []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &content}, func() error {
		out[id] = append([]byte(nil), content...)
		return nil
	})
	return out, err
}
