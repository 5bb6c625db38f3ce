package outbox

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
)

// Retention is how long (Pace) a sent row stays: longer than a stream's MaxAge.
const Retention = 15 * 24 * time.Hour

type row struct {
	ID      int64
	Event   uuid.UUID
	Subject string
	Payload []byte
}

// batchBytes bounds what one batch holds in memory and on the wire.
const batchBytes = 8 << 20

// plannedAnew has a statement planned each time it runs: the plan that a relay would keep stems from an empty table, and reads
// every row that was ever sent.
const plannedAnew = pgx.QueryExecModeCacheDescribe

// unsent is the lowest unsent rows, at most what one atomic batch may hold.
func unsent(ctx context.Context, conn *pgx.Conn) ([]row, error) {
	rows, err := conn.Query(ctx, `
		SELECT id, event, subject, payload FROM (
			SELECT id, event, subject, payload, sum(length(payload)) OVER (ORDER BY id) AS upto, row_number() OVER (ORDER BY id) AS n
			FROM (SELECT id, event, subject, payload FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT 1000) AS lowest
		) AS sized WHERE upto <= $1 OR n = 1 ORDER BY id`, plannedAnew, batchBytes)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[row])
}

// markSent marks exactly the given rows.
func markSent(ctx context.Context, conn *pgx.Conn, rows []row) error {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	_, err := conn.Exec(ctx, `UPDATE outbox SET sent_at = $1 WHERE id = ANY($2)`, clock.PaceNow(), ids)
	return err
}

// prune deletes the oldest rows whose time is over. Ids follow time closely
// enough; an index on sent_at would cost every event more than this look.
func prune(ctx context.Context, conn *pgx.Conn) error {
	const atOnce = 10_000
	for {
		tag, err := conn.Exec(ctx, `
			DELETE FROM outbox WHERE sent_at < $1 AND id IN (SELECT id FROM outbox ORDER BY id LIMIT $2)`,
			clock.PaceNow().Add(-Retention), atOnce)
		if err != nil {
			return err
		}
		if tag.RowsAffected() < atOnce {
			return pruneKeys(ctx, conn)
		}
	}
}
