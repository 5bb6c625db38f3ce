package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Note is what an officer wrote down: the part of it that is about one person. It goes with that person's share, or with a
// unit of its own.
type Note struct {
	Authority  string
	Note       uuid.UUID
	Share      uuid.UUID
	Unit       *uuid.UUID // a unit of its own; nil: the share's
	Category   string
	Contact    *uuid.UUID // the contact it was taken in; opaque, and soon nothing there
	NotedAt    time.Time
	Content    []byte
	Commitment []byte
}

// GoesWith is the disposal unit.
func (n Note) GoesWith() uuid.UUID {
	if n.Unit != nil {
		return *n.Unit
	}
	return n.Share
}

const noteColumns = `n.authority, n.note, n.share, n.unit, n.category, n.contact, n.noted_at, n.content, n.commitment`

func (n *Note) into() []any {
	return []any{&n.Authority, &n.Note, &n.Share, &n.Unit, &n.Category, &n.Contact, &n.NotedAt, &n.Content, &n.Commitment}
}

// Part is a note's part with what is known of the unit that it goes with.
type Part struct {
	Note
	Case     uuid.UUID
	CaseType string
	Person   uuid.UUID
	DueAt    time.Time // zero for none
	Intended bool
	Held     bool // a hold pauses it
}

// PartsOf are the parts of a note, in the order of persons.
func PartsOf(ctx context.Context, db DB, authority string, note uuid.UUID) ([]Part, error) {
	rows, err := db.Query(ctx, `
		SELECT `+noteColumns+`, coalesce(u.case_id, s.case_id), coalesce(u.case_type, c.case_type), coalesce(u.person, s.person) AS about,
			coalesce(u.due_at, s.due_at), coalesce(u.intended, s.intended),
			EXISTS (SELECT 1 FROM unit_hold AS h WHERE h.authority = n.authority AND h.unit = n.goes_with)
		FROM note AS n
		LEFT JOIN note_unit AS u ON u.authority = n.authority AND u.unit = n.unit
		LEFT JOIN share AS s ON n.unit IS NULL AND s.authority = n.authority AND s.share = n.share
		LEFT JOIN case_file AS c ON c.authority = n.authority AND c.case_id = s.case_id
		WHERE n.authority = $1 AND n.note = $2 AND coalesce(u.person, s.person) IS NOT NULL ORDER BY about`, authority, note)
	if err != nil {
		return nil, fmt.Errorf("read note: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Part, err error) {
		var due *time.Time
		err = row.Scan(append(p.into(), &p.Case, &p.CaseType, &p.Person, &due, &p.Intended, &p.Held)...)
		p.DueAt = orZero(due)
		return p, err
	})
}

// InsertNote stores a part of a note; false when it is there already.
func InsertNote(ctx context.Context, tx pgx.Tx, n Note) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO note (authority, note, share, unit, category, contact, noted_at, content, commitment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT DO NOTHING`, n.Authority, n.Note, n.Share, n.Unit, n.Category, n.Contact, n.NotedAt, n.Content, n.Commitment)
	if err != nil {
		return false, fmt.Errorf("insert note: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// MoveNote takes a part of a note from one share to another; false when it is there no more.
func MoveNote(ctx context.Context, tx pgx.Tx, from uuid.UUID, to Note) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE note SET share = $4, unit = $5, content = $6, commitment = $7 WHERE authority = $1 AND note = $2 AND share = $3`,
		to.Authority, to.Note, from, to.Share, to.Unit, to.Content, to.Commitment)
	if err != nil {
		return false, fmt.Errorf("move note: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// HasNote says whether a note, or a part of it, is there or was.
func HasNote(ctx context.Context, db DB, authority string, note uuid.UUID) (yes bool, err error) {
	err = db.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM note WHERE authority = $1 AND note = $2)
		    OR EXISTS (SELECT 1 FROM tombstone WHERE authority = $1 AND id = $2)`, authority, note).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for note: %w", err)
	}
	return yes, nil
}

// NotesOfShare are a share's notes, oldest first, also those that go at a time of their own.
func NotesOfShare(ctx context.Context, db DB, authority string, share uuid.UUID) ([]Note, error) {
	rows, err := db.Query(ctx, `SELECT `+noteColumns+` FROM note AS n WHERE n.authority = $1 AND n.share = $2 ORDER BY n.noted_at, n.note`, authority, share)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Note, err error) {
		err = row.Scan(n.into()...)
		return n, err
	})
}

// NotesOfShares are the ids of the notes of shares, oldest first.
func NotesOfShares(ctx context.Context, db DB, authority string, shares []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := db.Query(ctx, `
		SELECT note FROM note WHERE authority = $1 AND share = ANY($2) GROUP BY note ORDER BY min(noted_at), note`, authority, shares)
	if err != nil {
		return nil, fmt.Errorf("list notes: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}
