package recorder

import (
	"context"
	"crypto/hmac"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/audio"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// Offset is the byte that the next chunk of a recording begins at.
func (d *Desk) Offset(ctx context.Context, authority string, id uuid.UUID) (int64, error) {
	if _, _, err := d.living(ctx, authority, id); err != nil {
		return 0, err
	}
	last, err := store.LastAudio(ctx, d.DB, authority, id)
	return last.AtByte + last.Size, err
}

// Upload stores a chunk of audio, encrypted. The same again is answered as the first time; another one in the same place
// is a conflict. next is the byte that the audio ends at; also where the chunk is refused, if it is known.
func (d *Desk) Upload(ctx context.Context, authority string, id uuid.UUID, c recording.Chunk, media string, body []byte) (next int64, repeated bool, err error) {
	held, rules, err := d.living(ctx, authority, id)
	if err != nil {
		return 0, false, err
	}
	unit, err := d.Unit(ctx, authority, held.Unit)
	if err != nil {
		return 0, false, err
	}
	place := audio.Place{AtByte: c.At, From: c.From, Until: c.Until}
	box, err := audio.Seal(unit, id, place, body)
	if err != nil {
		return 0, false, err
	}
	a := store.Audio{AtByte: c.At, Size: int64(len(body)), FromMs: c.From.Milliseconds(), UntilMs: c.Until.Milliseconds(),
		Digest: audio.Digest(unit, place, c.Sum), Encrypted: box}
	err = d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		r, err := locked(ctx, tx, authority, id)
		if err != nil {
			return nil, err
		}
		last, err := store.LastAudio(ctx, tx, authority, id)
		if err != nil {
			return nil, err
		}
		next = last.AtByte + last.Size
		there, found, err := store.AudioAt(ctx, tx, authority, id, c.At)
		if err != nil {
			return nil, err
		}
		if found {
			if repeated = hmac.Equal(there.Digest, a.Digest); !repeated {
				return nil, problem.OnField("conflicting-duplicate", "offset")
			}
			next = there.AtByte + there.Size
			return nil, nil
		}
		heard := recording.Heard{Bytes: next, Until: time.Duration(last.UntilMs) * time.Millisecond}
		if err := recording.Accept(rules, stateOf(r), heard, c); err != nil {
			return nil, err
		}
		next = a.AtByte + a.Size
		return nil, store.AddAudio(ctx, tx, authority, id, a, media)
	})
	return next, repeated, err
}
