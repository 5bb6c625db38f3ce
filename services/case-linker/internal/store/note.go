package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Note is what an officer wrote down; it lives and dies with its share.
type Note struct {
	Authority  string
	Note       uuid.UUID
	Share      uuid.UUID
	Contact    *uuid.UUID // the contact it was taken in; opaque, and soon nothing there
	NotedAt    time.Time
	Content    []byte
	Commitment []byte
}

const noteColumns = `authority, note, share, contact, noted_at, content, commitment`

func scanNote(row pgx.CollectableRow) (n Note, err error) {
	err = row.Scan(&n.Authority, &n.Note, &n.Share, &n.Contact, &n.NotedAt, &n.Content, &n.Commitment)
	return n, err
}

// FindNote reads a note.
func FindNote(ctx context.Context, db DB, authority string, note uuid.UUID) (Note, bool, error) {
	return one(ctx, db, scanNote, `SELECT `+noteColumns+` FROM note WHERE authority = $1 AND note = $2`, authority, note)
}

// InsertNote stores a note; false when it is there already.
func InsertNote(ctx context.Context, tx pgx.Tx, n Note) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO note (authority, note, share, contact, noted_at, content, commitment) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, n.Authority, n.Note, n.Share, n.Contact, n.NotedAt, n.Content, n.Commitment)
	if err != nil {
		return false, fmt.Errorf("insert note: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// NotesOfShare are a share's notes, oldest first.
func NotesOfShare(ctx context.Context, db DB, authority string, share uuid.UUID) ([]Note, error) {
	rows, err := db.Query(ctx, `SELECT `+noteColumns+` FROM note WHERE authority = $1 AND share = $2 ORDER BY noted_at, note`, authority, share)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	return pgx.CollectRows(rows, scanNote)
}
