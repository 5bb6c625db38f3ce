package bus

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
)

// Each living instance of a service has a seat: an advisory lock of a session of its
// own in the service's database. The seats that are taken, in order, give ranks, and a
// rank gives a share. Nothing is written and no clocks are compared: the lock of an
// instance that dies goes with its session.
const (
	seatClass = 0x62757300 // first key of the locks: "bus"; the second is the seat
	seats     = 64         // beyond Partitions an instance gets none of them, and serves requests only
	lookEvery = 500 * time.Millisecond
	lookSoon  = 50 * time.Millisecond // after a change: another one, or its other half, often follows
	// silence is how long an instance may say nothing: one that was stopped or cut off
	// loses its session, and with it the seat, by the server's hand.
	silence = 5 * time.Second
)

// keepSeat is among the living until ctx ends. A fault means leaving, with no share,
// and coming again.
func (c *Consumer) keepSeat(ctx context.Context) error {
	return retry(ctx, c.cfg.Log, "keep a seat among the instances", func(ctx context.Context) error {
		defer func() { c.deal(clock.Share{}) }()
		conn, err := c.ownSession(ctx)
		if err != nil {
			return err
		}
		defer leave(conn)
		seat, err := takeSeat(ctx, conn)
		if err != nil {
			return err
		}
		return c.keepLooking(ctx, conn, seat)
	})
}

// ownSession is a connection outside the pool.
func (c *Consumer) ownSession(ctx context.Context) (*pgx.Conn, error) {
	pooled, err := c.cfg.DB.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect for a seat: %w", err)
	}
	conn := pooled.Hijack()
	if _, err := conn.Exec(ctx, fmt.Sprintf(`SET idle_session_timeout = %d`, silence.Milliseconds())); err != nil {
		leave(conn)
		return nil, fmt.Errorf("bound the silence of a seat: %w", err)
	}
	return conn, nil
}

func leave(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// takeSeat takes the first seat that is free.
func takeSeat(ctx context.Context, conn *pgx.Conn) (seat int, err error) {
	for seat = range seats {
		var taken bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, seatClass, seat).Scan(&taken); err != nil {
			return 0, fmt.Errorf("take a seat: %w", err)
		}
		if taken {
			return seat, nil
		}
	}
	return 0, fmt.Errorf("all %d seats are taken", seats)
}

// keepLooking deals this instance its share for as long as the session lives.
func (c *Consumer) keepLooking(ctx context.Context, conn *pgx.Conn, seat int) error {
	for pause := lookSoon; ; pause = min(2*pause, lookEvery) {
		taken, err := takenSeats(ctx, conn)
		if err != nil {
			return fmt.Errorf("look who else is here: %w", err)
		}
		rank := slices.Index(taken, seat)
		if rank < 0 {
			return fmt.Errorf("seat %d is lost", seat)
		}
		if c.deal(clock.Share{Rank: rank, Of: len(taken)}) {
			pause = lookSoon
		}
		if err := clock.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// takenSeats lists the seats of the living.
func takenSeats(ctx context.Context, conn *pgx.Conn) ([]int, error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	rows, err := conn.Query(ctx, `
		SELECT objid::int FROM pg_locks
		WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
		  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		ORDER BY objid`, seatClass)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}
