package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Audio is a chunk of a recording: where it lies in bytes of the audio and in ms of the call. Box is empty in a list.
type Audio struct {
	AtByte, Size      int64
	FromMs, UntilMs   int64
	Digest, Encrypted []byte
}

// AddAudio writes a chunk, and the media type of the first.
func AddAudio(ctx context.Context, tx pgx.Tx, authority string, recording uuid.UUID, a Audio, media string) error {
	_, err := tx.Exec(ctx, `INSERT INTO audio (authority, recording, at_byte, size, from_ms, until_ms, digest, box) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		authority, recording, a.AtByte, a.Size, a.FromMs, a.UntilMs, a.Digest, a.Encrypted)
	if err == nil && a.AtByte == 0 {
		_, err = tx.Exec(ctx, `UPDATE recording SET media = $3 WHERE authority = $1 AND id = $2`, authority, recording, media)
	}
	if err != nil {
		return fmt.Errorf("add audio of recording %s: %w", recording, err)
	}
	return nil
}

// AudioAt is the chunk that begins at a byte, without its content.
func AudioAt(ctx context.Context, db Querier, authority string, recording uuid.UUID, at int64) (a Audio, found bool, err error) {
	err = db.QueryRow(ctx, `SELECT at_byte, size, from_ms, until_ms, digest FROM audio WHERE authority = $1 AND recording = $2 AND at_byte = $3`,
		authority, recording, at).Scan(&a.AtByte, &a.Size, &a.FromMs, &a.UntilMs, &a.Digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("look for audio of recording %s: %w", recording, err)
	}
	return a, true, nil
}

// LastAudio is the chunk that ends the audio so far, without its content; the zero Audio where there is none.
func LastAudio(ctx context.Context, db Querier, authority string, recording uuid.UUID) (a Audio, err error) {
	err = db.QueryRow(ctx, `SELECT at_byte, size, from_ms, until_ms FROM audio WHERE authority = $1 AND recording = $2 ORDER BY at_byte DESC LIMIT 1`,
		authority, recording).Scan(&a.AtByte, &a.Size, &a.FromMs, &a.UntilMs)
	if errors.Is(err, pgx.ErrNoRows) {
		return Audio{}, nil
	}
	if err != nil {
		return a, fmt.Errorf("look for the end of recording %s: %w", recording, err)
	}
	return a, nil
}

// AudioFrom lists the chunks of which some part is heard later than ms into the call, without their content.
func AudioFrom(ctx context.Context, db Querier, authority string, recording uuid.UUID, ms int64) ([]Audio, error) {
	rows, err := db.Query(ctx, `SELECT at_byte, size, from_ms, until_ms FROM audio WHERE authority = $1 AND recording = $2 AND until_ms > $3 ORDER BY at_byte`,
		authority, recording, ms)
	if err != nil {
		return nil, fmt.Errorf("list audio of recording %s: %w", recording, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Audio, err error) {
		err = row.Scan(&a.AtByte, &a.Size, &a.FromMs, &a.UntilMs)
		return a, err
	})
}

// AudioBox is the content of a chunk; pgx.ErrNoRows when it has gone.
func AudioBox(ctx context.Context, db Querier, authority string, recording uuid.UUID, at int64) (box []byte, err error) {
	err = db.QueryRow(ctx, `SELECT box FROM audio WHERE authority = $1 AND recording = $2 AND at_byte = $3`, authority, recording, at).Scan(&box)
	if err != nil {
		return nil, fmt.Errorf("read audio of recording %s: %w", recording, err)
	}
	return box, nil
}
