package store

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/services/statistics-pseudonymiser/internal/row"
)

// Kept is a row as it is stored: its coarse codes in a box, and its way to the
// analysts. PublishAt is zero when they have it as it is.
type Kept struct {
	row.Row
	Period    string
	Box       []byte
	Event     uuid.UUID // of the publication that is owed
	PublishAt time.Time
}

const rowColumns = `id, authority, epoch, state, p, row_mac, period, fields, revision, separated_on, due_at, event, publish_at`

// LockMAC makes whoever has business with the same token wait: what is done to a
// row and what comes before it are one decision, and the row may not be there yet.
func LockMAC(ctx context.Context, tx pgx.Tx, mac []byte) error {
	h := fnv.New64a()
	_, _ = h.Write(mac)
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(h.Sum64())); err != nil {
		return fmt.Errorf("lock row: %w", err)
	}
	return nil
}

// Linked is the linked row with that MAC, and whether there is one.
func Linked(ctx context.Context, tx pgx.Tx, authority string, mac []byte) (Kept, bool, error) {
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+` FROM statistics_row WHERE authority = $1 AND row_mac = $2 FOR UPDATE`, authority, mac)
	if err != nil {
		return Kept{}, false, fmt.Errorf("find row: %w", err)
	}
	k, err := pgx.CollectExactlyOneRow(rows, scanRow)
	if errors.Is(err, pgx.ErrNoRows) {
		return Kept{}, false, nil
	}
	if err != nil {
		return Kept{}, false, fmt.Errorf("find row: %w", err)
	}
	return k, true, nil
}

// Save inserts the row or puts it in its own place.
func Save(ctx context.Context, tx pgx.Tx, k Kept) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO statistics_row (`+rowColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, p = excluded.p, row_mac = excluded.row_mac,
			period = excluded.period, fields = excluded.fields, revision = excluded.revision,
			separated_on = excluded.separated_on, due_at = excluded.due_at, event = excluded.event, publish_at = excluded.publish_at`,
		k.ID, k.Authority, k.Epoch, k.State, k.P, k.MAC, k.Period, k.Box, k.Revision,
		k.SeparatedOn, instant(k.DueAt), k.Event, instant(k.PublishAt))
	if err != nil {
		return fmt.Errorf("save row: %w", err)
	}
	return nil
}

// Delete removes a row.
func Delete(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM statistics_row WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete row: %w", err)
	}
	return nil
}

// Due locks and returns separated rows whose time has come, at most limit.
func Due(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]Kept, error) {
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+` FROM statistics_row WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`, now, limit)
	if err != nil {
		return nil, fmt.Errorf("read due rows: %w", err)
	}
	return pgx.CollectRows(rows, scanRow)
}

// NextDue is the earliest instant at which a row's time comes; zero for none.
func NextDue(ctx context.Context, q Querier) (time.Time, error) {
	return earliest(ctx, q, `SELECT min(due_at) FROM statistics_row WHERE due_at IS NOT NULL`)
}

// Overdue counts the rows whose time is over at now and that are still there.
func Overdue(ctx context.Context, q Querier, now time.Time) (n int64, err error) {
	if err = q.QueryRow(ctx, `SELECT count(*) FROM statistics_row WHERE due_at <= $1`, now).Scan(&n); err != nil {
		err = fmt.Errorf("count overdue rows: %w", err)
	}
	return n, err
}

func earliest(ctx context.Context, q Querier, sql string, args ...any) (time.Time, error) {
	var at *time.Time
	if err := q.QueryRow(ctx, sql, args...).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("read next deadline: %w", err)
	}
	if at == nil {
		return time.Time{}, nil
	}
	return at.UTC(), nil
}

func scanRow(r pgx.CollectableRow) (k Kept, err error) {
	var due, publish *time.Time
	err = r.Scan(&k.ID, &k.Authority, &k.Epoch, &k.State, &k.P, &k.MAC, &k.Period, &k.Box, &k.Revision,
		&k.SeparatedOn, &due, &k.Event, &publish)
	if due != nil {
		k.DueAt = due.UTC()
	}
	if publish != nil {
		k.PublishAt = publish.UTC()
	}
	return k, err
}

// instant is NULL for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
