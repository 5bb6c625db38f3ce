package outbox

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gallra.se/libs/clock"
)

// WatermarkType is the event that says: all that this service committed before
// At has been published before this event.
const WatermarkType = TypePrefix + "watermark.passed.v1"

// Watermark is its payload.
type Watermark struct {
	Service string    `json:"service"`
	At      time.Time `json:"at"` // UTC, business time
}

// markEvery is how often (Pace) a real clock is marked; a simulated one is
// marked once per version, or nothing would ever settle.
const markEvery = 10 * time.Second

// behind says that a simulated clock has moved since the last watermark.
func (r *Relay) behind() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.marks() && r.box.cfg.Business.Version() > r.marked
}

// mark publishes a watermark. Writers read the business time after their first
// write, so each transaction whose events bear a time before w is running or
// already over: wait for those, publish what they left, then say w.
func (r *Relay) mark(ctx context.Context, conn *pgx.Conn) error {
	version := r.box.cfg.Business.Version()
	w := r.box.cfg.Business.Now()
	if err := r.awaitRunning(ctx, conn); err != nil {
		return fmt.Errorf("await running transactions: %w", err)
	}
	m, err := r.watermark(w)
	if err != nil {
		return err
	}
	if err := publish(ctx, r.nc, m); err != nil {
		return fmt.Errorf("publish watermark: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.marked = version
	r.work++
	return nil
}

func (r *Relay) watermark(w time.Time) (row, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return row{}, err
	}
	d := Draft{Authority: "all", Type: WatermarkType, Subject: r.box.cfg.Service, Key: r.box.cfg.Service,
		Data: Watermark{Service: r.box.cfg.Service, At: w}}
	payload, err := d.encode(r.box.cfg.Service, id, 0, w)
	return row{Event: id, Subject: subjectOf(r.box.cfg.Context, d), Payload: payload}, err
}

// awaitRunning returns when every transaction that has written by now has ended
// and its events are published; what others commit meanwhile goes out too.
func (r *Relay) awaitRunning(ctx context.Context, conn *pgx.Conn) error {
	return awaitWriters(ctx, conn, func() error { return r.drain(ctx, conn) })
}

// awaitWriters returns when every transaction that has written by now has ended,
// and calls each after every look. A snapshot's xmax is the latest completed
// transaction plus one, so a running one may lie beyond it; a transaction id of
// our own is above them all.
func awaitWriters(ctx context.Context, db execer, each func() error) error {
	var bound string
	if err := db.QueryRow(ctx, `SELECT pg_current_xact_id()::text`).Scan(&bound); err != nil {
		return err
	}
	for {
		var over bool
		if err := db.QueryRow(ctx, `SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8`, bound).Scan(&over); err != nil {
			return err
		}
		if err := each(); err != nil || over {
			return err
		}
		if err := clock.Sleep(ctx, time.Millisecond); err != nil {
			return err
		}
	}
}

// execer is a pool or a connection.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
