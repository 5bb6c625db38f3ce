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

// Recording is what is not personal of a recorded call. Times are UTC; EndedAt is zero while the call goes on, Media empty
// before the first audio.
type Recording struct {
	Authority          string
	ID, Unit           uuid.UUID
	Line               string
	StartedAt, EndedAt time.Time
	Cut                *int64 // ms into the call from which there is no audio
	CutBecause         string
	Media              string
}

// AddRecording writes the row beside its contact.
func AddRecording(ctx context.Context, tx pgx.Tx, r Recording) error {
	_, err := tx.Exec(ctx, `INSERT INTO recording (authority, id, line, started_at) VALUES ($1, $2, $3, $4)`, r.Authority, r.ID, r.Line, r.StartedAt)
	if err != nil {
		return fmt.Errorf("add recording %s: %w", r.ID, err)
	}
	return nil
}

// LockRecording returns a living recording and keeps it as it is until tx ends; found is false where there is none, or none
// any more.
func LockRecording(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (r Recording, found bool, err error) {
	return recordingOf(tx.QueryRow(ctx, recordingRow+` FOR UPDATE OF c, r`, authority, id), id)
}

// FindRecording is LockRecording without the lock.
func FindRecording(ctx context.Context, db Querier, authority string, id uuid.UUID) (r Recording, found bool, err error) {
	return recordingOf(db.QueryRow(ctx, recordingRow, authority, id), id)
}

const recordingRow = `
	SELECT r.authority, r.id, c.unit, r.line, r.started_at, r.ended_at, r.cut_ms, coalesce(r.cut_because, ''), coalesce(r.media, '')
	FROM recording r JOIN contact c USING (authority, id) WHERE r.authority = $1 AND r.id = $2
		AND NOT EXISTS (SELECT FROM intent i WHERE i.authority = c.authority AND i.unit = c.unit)`

func recordingOf(row pgx.Row, id uuid.UUID) (r Recording, found bool, err error) {
	var ended *time.Time
	err = row.Scan(&r.Authority, &r.ID, &r.Unit, &r.Line, &r.StartedAt, &ended, &r.Cut, &r.CutBecause, &r.Media)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("find recording %s: %w", id, err)
	}
	r.StartedAt = r.StartedAt.UTC()
	if ended != nil {
		r.EndedAt = ended.UTC()
	}
	return r, true, nil
}

// CutRecording says from where on there is no audio, and drops what there was of it.
func CutRecording(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, ms int64, because string) error {
	_, err := tx.Exec(ctx, `UPDATE recording SET cut_ms = $3, cut_because = $4 WHERE authority = $1 AND id = $2`, authority, id, ms, because)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM audio WHERE authority = $1 AND recording = $2 AND until_ms > $3`, authority, id, ms)
	}
	if err != nil {
		return fmt.Errorf("cut recording %s: %w", id, err)
	}
	return nil
}

// EndRecording says when the call ended, and forgets its notice, which has served.
func EndRecording(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE recording SET ended_at = $3 WHERE authority = $1 AND id = $2`, authority, id, at)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM call_notice n USING tombstone t WHERE t.authority = $1 AND t.id = $2 AND n.authority = t.authority AND n.call = t.source`,
			authority, id)
	}
	if err != nil {
		return fmt.Errorf("end recording %s: %w", id, err)
	}
	return nil
}

// FirstOpenCall is when the oldest call began that nobody has ended, or was announced; ok is false when there is none.
func FirstOpenCall(ctx context.Context, db Querier) (at time.Time, ok bool, err error) {
	var first *time.Time
	err = db.QueryRow(ctx, `SELECT least((SELECT min(started_at) FROM recording WHERE ended_at IS NULL), (SELECT min(told_at) FROM call_notice))`).Scan(&first)
	if err != nil {
		return at, false, fmt.Errorf("look for open calls: %w", err)
	}
	if first == nil {
		return at, false, nil
	}
	return first.UTC(), true, nil
}

// OpenCalls are recordings of calls that began at or before then and that nobody has ended, oldest first.
func OpenCalls(ctx context.Context, db Querier, then time.Time, n int) ([]Recording, error) {
	rows, err := db.Query(ctx, `SELECT r.authority, r.id, c.unit, r.line, r.started_at FROM recording r JOIN contact c USING (authority, id)
		WHERE r.ended_at IS NULL AND r.started_at <= $1 ORDER BY r.started_at LIMIT $2`, then, n)
	if err != nil {
		return nil, fmt.Errorf("look for open calls: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Recording, err error) {
		err = row.Scan(&r.Authority, &r.ID, &r.Unit, &r.Line, &r.StartedAt)
		r.StartedAt = r.StartedAt.UTC()
		return r, err
	})
}

// EndContact gives a contact that had no end its day, and its record anew.
func EndContact(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, on calendar.Date, box, commitment []byte) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET ended_on = $3, ciphertext = $4, commitment = $5 WHERE authority = $1 AND id = $2`, authority, id, on, box, commitment)
	if err != nil {
		return fmt.Errorf("end contact %s: %w", id, err)
	}
	return nil
}
