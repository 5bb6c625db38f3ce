package recorder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/audio"
	"gallra.se/services/intake/internal/store"
)

// Tape is the audio of a recording from a place on, not decrypted yet.
type Tape struct {
	Media     string
	Bytes     int64
	desk      *Desk
	unit      *keyring.Unit
	recording uuid.UUID
	chunks    []store.Audio
}

// Tape finds what there is to hear from a place of the call on: not-found where there is nothing.
func (d *Desk) Tape(ctx context.Context, authority string, id uuid.UUID, from time.Duration) (*Tape, error) {
	held, _, err := d.living(ctx, authority, id)
	if err != nil {
		return nil, err
	}
	r, found, err := store.FindRecording(ctx, d.DB, authority, id)
	if err != nil || !found {
		return nil, errors.Join(err, problem.New("gone"))
	}
	chunks, err := store.AudioFrom(ctx, d.DB, authority, id, from.Milliseconds())
	if err != nil {
		return nil, err
	}
	if len(chunks) == 0 {
		return nil, problem.New("not-found")
	}
	t := &Tape{Media: r.Media, desk: d, recording: id, chunks: chunks}
	for _, c := range chunks {
		t.Bytes += c.Size
	}
	t.unit, err = d.Unit(ctx, authority, held.Unit)
	return t, err
}

// Play decrypts chunk by chunk. A recording that goes meanwhile breaks off.
func (t *Tape) Play(ctx context.Context, w io.Writer) error {
	for _, c := range t.chunks {
		box, err := store.AudioBox(ctx, t.desk.DB, t.unit.Ref.Authority, t.recording, c.AtByte)
		if errors.Is(err, pgx.ErrNoRows) {
			return problem.New("gone")
		}
		if err != nil {
			return err
		}
		place := audio.Place{AtByte: c.AtByte, From: time.Duration(c.FromMs) * time.Millisecond, Until: time.Duration(c.UntilMs) * time.Millisecond}
		plain, err := audio.Open(t.unit, t.recording, place, box)
		if err != nil {
			return err
		}
		_, err = w.Write(plain)
		clear(plain)
		if err != nil {
			return fmt.Errorf("play recording %s: %w", t.recording, err)
		}
	}
	return nil
}
