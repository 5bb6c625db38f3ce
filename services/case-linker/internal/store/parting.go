package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Parting is a unit that a record has parted from, and whose key has not been replaced since.
type Parting struct {
	Authority string
	Unit      uuid.UUID
	N         int64 // tells it from other partings of the unit
}

// NoteParting notes that a record has parted from a unit, in the transaction that moves the record.
func NoteParting(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID) error {
	if _, err := tx.Exec(ctx, `INSERT INTO parting (authority, unit) VALUES ($1, $2)`, authority, unit); err != nil {
		return fmt.Errorf("note that a record parted from %s: %w", unit, err)
	}
	return nil
}

// Partings are all of them.
func Partings(ctx context.Context, db DB) ([]Parting, error) {
	rows, err := db.Query(ctx, `SELECT authority, unit, n FROM parting ORDER BY authority, unit, n`)
	if err != nil {
		return nil, fmt.Errorf("read partings: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Parting])
}

// ForgetPartings drops those whose units have a new key since.
func ForgetPartings(ctx context.Context, tx pgx.Tx, done []Parting) error {
	batch := &pgx.Batch{}
	for _, p := range done {
		batch.Queue(`DELETE FROM parting WHERE authority = $1 AND unit = $2 AND n = $3`, p.Authority, p.Unit, p.N)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("forget %d partings: %w", len(done), err)
	}
	return nil
}

// Divisible says which of these units can lose a record while they stay: shares, and units of notes beside them.
func Divisible(ctx context.Context, db DB, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := db.Query(ctx, `
		SELECT share FROM share WHERE authority = $1 AND share = ANY($2)
		UNION ALL SELECT unit FROM note_unit WHERE authority = $1 AND unit = ANY($2)`, authority, units)
	if err != nil {
		return nil, fmt.Errorf("look for units: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// SetKeyNumber says that whoever writes under the unit from now on holds its key of that number, or a newer one.
func SetKeyNumber(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID, number int) error {
	_, err := tx.Exec(ctx, `
		WITH s AS (UPDATE share SET key_number = $3 WHERE authority = $1 AND share = $2)
		UPDATE note_unit SET key_number = $3 WHERE authority = $1 AND unit = $2`, authority, unit, number)
	if err != nil {
		return fmt.Errorf("keep number of the key of %s: %w", unit, err)
	}
	return nil
}

// SetShareContent replaces what is encrypted of a share by the same under another key.
func SetShareContent(ctx context.Context, tx pgx.Tx, authority string, share uuid.UUID, content []byte) error {
	if _, err := tx.Exec(ctx, `UPDATE share SET content = $3 WHERE authority = $1 AND share = $2`, authority, share, content); err != nil {
		return fmt.Errorf("re-wrap share: %w", err)
	}
	return nil
}

// NotesUnder are the next notes that go with a unit, in the order of their ids.
func NotesUnder(ctx context.Context, db DB, authority string, unit, after uuid.UUID, limit int) ([]Note, error) {
	rows, err := db.Query(ctx, `
		SELECT `+noteColumns+` FROM note AS n WHERE n.authority = $1 AND n.goes_with = $2 AND n.note > $3 ORDER BY n.note LIMIT $4 FOR UPDATE`,
		authority, unit, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read notes of unit: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Note, err error) {
		err = row.Scan(n.into()...)
		return n, err
	})
}

// SetNoteContents replaces what is encrypted of notes by the same under another key.
func SetNoteContents(ctx context.Context, tx pgx.Tx, notes []Note) error {
	batch := &pgx.Batch{}
	for _, n := range notes {
		batch.Queue(`UPDATE note SET content = $4 WHERE authority = $1 AND note = $2 AND share = $3`, n.Authority, n.Note, n.Share, n.Content)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("re-wrap %d notes: %w", len(notes), err)
	}
	return nil
}

// CategoriesUnder are the categories of what goes with a unit.
func CategoriesUnder(ctx context.Context, db DB, authority string, unit uuid.UUID) ([]string, error) {
	rows, err := db.Query(ctx, `
		SELECT DISTINCT category FROM note WHERE authority = $1 AND goes_with = $2
		UNION SELECT $3 FROM share WHERE authority = $1 AND share = $2`, authority, unit, CategoryFile)
	if err != nil {
		return nil, fmt.Errorf("read categories of unit: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	slices.Sort(found)
	return found, err
}

// InheritHolds has the holds on a unit pause one that has parted from it as well.
func InheritHolds(ctx context.Context, tx pgx.Tx, authority string, from, to uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO unit_hold (authority, unit, hold) SELECT authority, $3, hold FROM unit_hold WHERE authority = $1 AND unit = $2
		ON CONFLICT DO NOTHING`, authority, from, to)
	if err != nil {
		return fmt.Errorf("hold what has parted: %w", err)
	}
	return nil
}

// Renewable is a share, or a unit of notes beside one, and the number of the key that its rows are under.
type Renewable struct {
	Authority string
	Unit      uuid.UUID
	KeyNumber int
}

// Renewables are the next of them, in the order of authorities and ids.
func Renewables(ctx context.Context, db DB, after Renewable, limit int) ([]Renewable, error) {
	rows, err := db.Query(ctx, `
		SELECT authority, unit, key_number FROM (
			SELECT authority, share AS unit, key_number FROM share UNION ALL SELECT authority, unit, key_number FROM note_unit) AS u
		WHERE (authority, unit) > ($1, $2) ORDER BY authority, unit LIMIT $3`, after.Authority, after.Unit, limit)
	if err != nil {
		return nil, fmt.Errorf("list units: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Renewable])
}

// DropDestroyed deletes those of these parts of notes that the words of the log (package restored) call destroyed, and leaves
// their tombstones.
func DropDestroyed(ctx context.Context, tx pgx.Tx, lost []Note) error {
	batch := &pgx.Batch{}
	for _, n := range lost {
		batch.Queue(`
			WITH word AS (SELECT bool_or(protected) AS protected FROM restored_word WHERE kind = 'disposed' AND authority = $1 AND record = $2 HAVING count(*) > 0),
			gone AS (DELETE FROM note USING word WHERE authority = $1 AND note = $2 AND share = $3 RETURNING note, word.protected)
			INSERT INTO tombstone (authority, id, protected) SELECT $1, note, protected FROM gone ON CONFLICT DO NOTHING`, n.Authority, n.Note, n.Share)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("drop %d notes that were destroyed: %w", len(lost), err)
	}
	return nil
}
