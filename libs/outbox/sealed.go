package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
)

// A transport key may be destroyed once its receiver has every event that was ever sealed to it. The sender's part:
//
//	BeginSealing ──► events, each with the key's id ──► Close ──► Sealed: which events those were
//
// Close is final. A transaction that sealed before it and appends after it fails with ErrKeyClosed, writes nothing, and
// is to be done again with the receiver's next key.

// ErrKeyClosed says that a transport key is given up: seal to the receiver's next one.
var ErrKeyClosed = errors.New("the transport key is closed")

// ErrKeyNotYours says that a transport key is another receiver's than the one that asks.
var ErrKeyNotYours = errors.New("the transport key belongs to another receiver")

// BeginSealing notes that events may be sealed to a receiver's key from now on. It is called with each key that a
// receiver has given, before anything is sealed to it: Append takes no other. ErrKeyClosed when the receiver has given it up meanwhile.
func BeginSealing(ctx context.Context, db pg.Beginner, receiver, keyID string) error {
	return pg.Tx(ctx, db, func(tx pgx.Tx) error {
		k, err := findKey(ctx, tx, receiver, keyID)
		if err == nil && k.closed {
			err = ErrKeyClosed
		}
		if err != nil {
			return fmt.Errorf("begin to seal to %s: %w", receiver, err)
		}
		return nil
	})
}

// Close gives up a receiver's key: when it returns nil no event will ever be sealed to it again, and Sealed tells of all
// that were. It may be repeated; a key that is not known is closed before its first use.
func Close(ctx context.Context, db DB, receiver, keyID string) error {
	var k transportKey
	err := pg.Tx(ctx, db, func(tx pgx.Tx) (err error) {
		if k, err = findKey(ctx, tx, receiver, keyID); err != nil || k.closed {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE outbox_transport_key SET closed_at = $2 WHERE key_id = $1`, keyID, clock.PaceNow())
		return err
	})
	if err != nil || k.upto != nil {
		return wrapped(err, "close transport key")
	}
	if err := awaitWriters(ctx, db, func() error { return nil }); err != nil {
		return wrapped(err, "await what seals to a closed key")
	}
	_, err = db.Exec(ctx, `UPDATE outbox_transport_key SET upto = (SELECT coalesce(max(id), 0) FROM outbox) WHERE key_id = $1`, keyID)
	return wrapped(err, "note the end of a closed key")
}

// Sealed lists events that were sealed to a closed key, published or not, from a place on; 0 is the beginning. next is the
// place to go on from, more says that there may be more.
func Sealed(ctx context.Context, db DB, receiver, keyID string, place int64, most int) (events []uuid.UUID, next int64, more bool, err error) {
	rows, err := db.Query(ctx, `
		SELECT o.id, o.event FROM outbox_transport_key k JOIN outbox o ON o.id > greatest(k.since, $3) AND o.id <= k.upto AND o.key_id = k.key_id
		WHERE k.key_id = $1 AND k.receiver = $2 AND k.upto IS NOT NULL ORDER BY o.id LIMIT $4`, plannedAnew, keyID, receiver, place, most)
	if err != nil {
		return nil, 0, false, wrapped(err, "list what was sealed")
	}
	next = place
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&next, &id}, func() error {
		events = append(events, id)
		return nil
	})
	return events, next, len(events) == most, wrapped(err, "list what was sealed")
}

// DB is a pool.
type DB interface {
	pg.Beginner
	execer
}

type transportKey struct {
	closed bool
	upto   *int64
}

// findKey locks a key's row, which it makes where there is none: then no event has been sealed to it.
func findKey(ctx context.Context, tx pgx.Tx, receiver, keyID string) (k transportKey, err error) {
	_, err = tx.Exec(ctx, `INSERT INTO outbox_transport_key (key_id, receiver, since)
		VALUES ($1, $2, (SELECT coalesce(max(id), 0) FROM outbox)) ON CONFLICT DO NOTHING`, keyID, receiver)
	if err != nil {
		return k, err
	}
	var of string
	err = tx.QueryRow(ctx, `UPDATE outbox_transport_key SET receiver = coalesce(receiver, $2) WHERE key_id = $1
		RETURNING receiver, closed_at IS NOT NULL, upto`, keyID, receiver).Scan(&of, &k.closed, &k.upto)
	if err == nil && of != receiver {
		err = ErrKeyNotYours
	}
	return k, err
}

// looked is what a look at transport keys has found.
type looked struct{ wanted, open []string }

// lookAtKeys queues a look at the keys that drafts were sealed to, behind the insertion of their events: the transaction has
// an id by then, so that a Close which this look does not see yet waits for it.
func lookAtKeys(batch *pgx.Batch, keys []string) *looked {
	l := &looked{wanted: keys}
	if len(keys) > 0 {
		batch.Queue(`SELECT coalesce(array_agg(key_id), '{}') FROM outbox_transport_key WHERE key_id = ANY($1) AND closed_at IS NULL`, keys).
			QueryRow(func(row pgx.Row) error { return row.Scan(&l.open) })
	}
	return l
}

// first is the first key that was not found open, with ErrKeyClosed.
func (l *looked) first() (closed string, err error) {
	for _, k := range l.wanted {
		if !slices.Contains(l.open, k) {
			return k, fmt.Errorf("append under transport key %s: %w: %w", k, ErrKeyClosed, problem.Unavailable(time.Second))
		}
	}
	return "", nil
}

func keysOf(drafts []Draft) (keys []string) {
	for _, d := range drafts {
		if d.KeyID != "" && !slices.Contains(keys, d.KeyID) {
			keys = append(keys, d.KeyID)
		}
	}
	return keys
}

// pruneKeys forgets keys that were closed so long ago that none of their rows is left.
func pruneKeys(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `DELETE FROM outbox_transport_key k WHERE closed_at < $1 AND NOT EXISTS (
		SELECT FROM outbox o WHERE o.id > k.since AND o.id <= coalesce(k.upto, o.id))`, clock.PaceNow().Add(-Retention))
	return wrapped(err, "forget closed transport keys")
}

func wrapped(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
