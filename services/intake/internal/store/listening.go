package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// AddListening notes an appointment to listen to a recording at an office.
func AddListening(ctx context.Context, tx pgx.Tx, authority string, id, recording uuid.UUID, place string, on calendar.Date) error {
	_, err := tx.Exec(ctx, `INSERT INTO listening (authority, id, recording, place, on_day) VALUES ($1, $2, $3, $4, $5)`, authority, id, recording, place, on)
	if err != nil {
		return fmt.Errorf("note appointment for recording %s: %w", recording, err)
	}
	return nil
}

// ListenedOn says whether there is an appointment for the recording on that day.
func ListenedOn(ctx context.Context, db Querier, authority string, recording uuid.UUID, on calendar.Date) (there bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM listening WHERE authority = $1 AND recording = $2 AND on_day = $3)`, authority, recording, on).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for an appointment for recording %s: %w", recording, err)
	}
	return there, nil
}
