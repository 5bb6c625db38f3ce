package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// takeable is true of a running unit u at $1 unless a hold covers it, an event of its key is parked, or a producer has not
// yet said that everything before the unit's date is published.
const takeable = `u.state = 'running' AND u.claim_at <= $1 AND ` + unhindered + ` AND u.claim_at <= (
	SELECT min(w.at) FROM watermark AS w WHERE w.partition = u.partition)`

// unhindered asks both for the unit's own mark, which a concurrent hold's transaction changes under our eyes, and for the
// holds themselves, which may be older than the unit.
const unhindered = `NOT u.held AND NOT ` + held + ` AND NOT EXISTS (SELECT 1 FROM bus_parked AS p WHERE p.key = u.key)`

// sweepLock is held by the instance whose sweep takes units.
const sweepLock = 0x7377656570 // "sweep"

// SweepAlone waits until no other instance's sweep is taking units: two that each pass over what the other has locked would
// tell of one person's units in two events.
func SweepAlone(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(sweepLock)); err != nil {
		return fmt.Errorf("wait for the sweep of another instance: %w", err)
	}
	return nil
}

// Take locks the earliest units that may go now, as many as limit; rows that another transaction works on are left.
func Take(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]Unit, error) {
	rows, err := tx.Query(ctx, `SELECT `+unitColumns+` FROM unit AS u WHERE `+takeable+`
		ORDER BY u.claim_at, u.authority, u.holder, u.partition, u.key, u.unit LIMIT $2 FOR UPDATE OF u SKIP LOCKED`, now, limit)
	if err != nil {
		return nil, fmt.Errorf("take due units: %w", err)
	}
	return pgx.CollectRows(rows, scanUnit)
}

// MarkDue says that the holder is being told.
func MarkDue(ctx context.Context, tx pgx.Tx, taken []Unit) error {
	authorities, ids := make([]string, len(taken)), make([]uuid.UUID, len(taken))
	for i, u := range taken {
		authorities[i], ids[i] = u.Authority, u.ID
	}
	_, err := tx.Exec(ctx, `
		UPDATE unit AS u SET state = 'due', declined = '' FROM unnest($1::text[], $2::uuid[]) AS t(authority, unit)
		WHERE u.authority = t.authority AND u.unit = t.unit`, authorities, ids)
	if err != nil {
		return fmt.Errorf("mark units due: %w", err)
	}
	return nil
}

// Ahead is what the sweep has before it.
type Ahead struct {
	Takeable time.Time // earliest unit that may go now; zero: none
	Later    time.Time // earliest date after now; zero: none
	WaitsFor []string  // services whose watermark alone holds a unit of the partitions back
}

// LookAhead says what waits at now; for whom it waits, it says of these partitions.
func LookAhead(ctx context.Context, q Querier, now time.Time, partitions []int) (Ahead, error) {
	var first *time.Time
	if err := q.QueryRow(ctx, `SELECT min(claim_at) FROM unit WHERE state = 'running'`).Scan(&first); err != nil {
		return Ahead{}, fmt.Errorf("look ahead: %w", err)
	}
	if first == nil || first.After(now) {
		return Ahead{Later: utc(first)}, nil
	}
	var takeableAt, later *time.Time
	var waits []string
	err := q.QueryRow(ctx, `
		SELECT (SELECT min(u.claim_at) FROM unit AS u WHERE `+takeable+`),
		       (SELECT min(u.claim_at) FROM unit AS u WHERE u.state = 'running' AND u.claim_at > $1),
		       (SELECT array_agg(DISTINCT w.service ORDER BY w.service)
		        FROM unit AS u JOIN watermark AS w ON w.partition = u.partition AND w.at < u.claim_at
		        WHERE u.state = 'running' AND u.claim_at <= $1 AND u.partition = ANY($2::int[]) AND `+unhindered+`)`, now, partitions).Scan(&takeableAt, &later, &waits)
	if err != nil {
		return Ahead{}, fmt.Errorf("look ahead: %w", err)
	}
	return Ahead{Takeable: utc(takeableAt), Later: utc(later), WaitsFor: waits}, nil
}

// Querier is a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
