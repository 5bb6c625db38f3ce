package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// NoteUnit is the disposal unit of those of a share's notes that go at another time than the share: working material,
// preserved documents, and each note that alone is held. It knows what its end depends on, since the share and the case may
// go first.
type NoteUnit struct {
	Authority string
	Unit      uuid.UUID
	Share     uuid.UUID
	Case      uuid.UUID
	Person    uuid.UUID
	Category  string     // whose rule ends it
	Note      *uuid.UUID // the only note; nil: all of the share's category
	CaseType  string
	DueAt     time.Time // zero for none
	Intended  bool
	KeyNumber int // as a share's
}

const noteUnitColumns = `authority, unit, share, case_id, person, category, note, case_type, due_at, intended, key_number`

func scanNoteUnit(row pgx.CollectableRow) (u NoteUnit, err error) {
	var due *time.Time
	err = row.Scan(&u.Authority, &u.Unit, &u.Share, &u.Case, &u.Person, &u.Category, &u.Note, &u.CaseType, &due, &u.Intended, &u.KeyNumber)
	u.DueAt = orZero(due)
	return u, err
}

// FindNoteUnit reads a unit.
func FindNoteUnit(ctx context.Context, db DB, authority string, unit uuid.UUID) (NoteUnit, bool, error) {
	return one(ctx, db, scanNoteUnit, `SELECT `+noteUnitColumns+` FROM note_unit WHERE authority = $1 AND unit = $2`, authority, unit)
}

// NoteUnitOf reads the unit of a share's notes of a category.
func NoteUnitOf(ctx context.Context, db DB, authority string, share uuid.UUID, category string) (NoteUnit, bool, error) {
	return one(ctx, db, scanNoteUnit, `SELECT `+noteUnitColumns+` FROM note_unit WHERE authority = $1 AND share = $2 AND category = $3 AND note IS NULL`,
		authority, share, category)
}

// NoteUnitsOf are the units beside a share.
func NoteUnitsOf(ctx context.Context, db DB, authority string, share uuid.UUID) ([]NoteUnit, error) {
	rows, err := db.Query(ctx, `SELECT `+noteUnitColumns+` FROM note_unit WHERE authority = $1 AND share = $2 ORDER BY unit`, authority, share)
	if err != nil {
		return nil, fmt.Errorf("read units of notes: %w", err)
	}
	return pgx.CollectRows(rows, scanNoteUnit)
}

// HeldAlone finds the unit of one note of a share.
func HeldAlone(ctx context.Context, db DB, authority string, share, note uuid.UUID) (NoteUnit, bool, error) {
	return one(ctx, db, scanNoteUnit, `SELECT `+noteUnitColumns+` FROM note_unit WHERE authority = $1 AND share = $2 AND note = $3`, authority, share, note)
}

// LockNoteUnits locks units by their ids, after persons and shares.
func LockNoteUnits(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (map[uuid.UUID]NoteUnit, error) {
	rows, err := tx.Query(ctx, `SELECT `+noteUnitColumns+` FROM note_unit WHERE authority = $1 AND unit = ANY($2) ORDER BY unit FOR UPDATE`, authority, units)
	if err != nil {
		return nil, fmt.Errorf("lock units of notes: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanNoteUnit)
	if err != nil {
		return nil, fmt.Errorf("lock units of notes: %w", err)
	}
	out := make(map[uuid.UUID]NoteUnit, len(found))
	for _, u := range found {
		out[u.Unit] = u
	}
	return out, nil
}

// InsertNoteUnit stores a unit; false when it, or one for the same notes of the share, is there.
func InsertNoteUnit(ctx context.Context, tx pgx.Tx, u NoteUnit) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO note_unit (authority, unit, share, case_id, person, category, note, case_type) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT DO NOTHING`, u.Authority, u.Unit, u.Share, u.Case, u.Person, u.Category, u.Note, u.CaseType)
	if err != nil {
		return false, fmt.Errorf("insert unit of notes: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// OpenNoteUnits takes the dates of a case's units away: the case is open again.
func OpenNoteUnits(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `UPDATE note_unit SET due_at = NULL WHERE authority = $1 AND case_id = $2`, authority, id)
	if err != nil {
		return fmt.Errorf("take dates of units of notes away: %w", err)
	}
	return nil
}
