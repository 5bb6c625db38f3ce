package outbox

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
)

// Relay publishes a service's outbox. Any number may run; the one that holds
// the session lock works, the others wait for it.
type Relay struct {
	box  *Box
	pool *pgxpool.Pool
	nc   *nats.Conn
	log  *slog.Logger
	poll time.Duration

	published atomic.Uint64

	mu      sync.Mutex
	leading bool
	drained bool  // the last look found nothing unsent
	last    int   // how many it found
	marked  int64 // clock version whose watermark is published
	work    uint64
}

const (
	// Poll is how often an idle relay looks without being woken: another instance
	// may have written, and died before it said so.
	Poll = 250 * time.Millisecond
	// silence ends the session of a leader that was stopped or cut off, and with it
	// the lock. It is longer than any batch takes to publish.
	silence = 2 * time.Minute
)

// NewRelay makes the relay of a box.
func NewRelay(box *Box, pool *pgxpool.Pool, nc *nats.Conn, log *slog.Logger) *Relay {
	return &Relay{box: box, pool: pool, nc: nc, log: log, poll: Poll}
}

// Run relays until ctx ends and returns its error. A fault of the database or
// of NATS is retried: rows wait in the outbox, nothing is lost.
func (r *Relay) Run(ctx context.Context) error {
	if err := r.answerPublished(ctx); err != nil {
		return err
	}
	for {
		err := r.lead(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r.log.WarnContext(ctx, "relay interrupted", "stream", r.box.cfg.Stream, "error", err.Error())
		}
		if err := r.standBy(ctx); err != nil {
			return err
		}
	}
}

// lead works as long as the lock is held on one connection.
func (r *Relay) lead(ctx context.Context) error {
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Release()
	var held bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, r.lockKey()).Scan(&held); err != nil || !held {
		return err
	}
	defer r.resign(conn.Conn())
	if _, err := conn.Exec(ctx, fmt.Sprintf(`SET idle_session_timeout = %d`, silence.Milliseconds())); err != nil {
		return fmt.Errorf("bound the silence of a leader: %w", err)
	}
	woken, stop, err := r.listen()
	if err != nil {
		return err
	}
	defer stop()
	r.setLeading(true)
	return r.tend(ctx, conn.Conn(), woken)
}

// resign closes the session, and with it the lock, whatever state it is in.
func (r *Relay) resign(conn *pgx.Conn) {
	r.setLeading(false)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

func (r *Relay) tend(ctx context.Context, conn *pgx.Conn, woken <-chan struct{}) error {
	marks := clock.Ticker(markEvery)
	defer marks.Stop()
	prunes := clock.Ticker(time.Hour)
	defer prunes.Stop()
	polls := clock.Ticker(r.poll)
	defer polls.Stop()
	owed := r.box.cfg.Watermarks
	for {
		moved := r.box.cfg.Business.Moved()
		if err := r.drain(ctx, conn); err != nil {
			return err
		}
		if owed || r.behind() {
			if err := r.mark(ctx, conn); err != nil {
				return err
			}
			owed = false
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.box.wake:
		case <-woken:
		case <-moved:
		case <-polls.C:
		case <-marks.C:
			owed = r.box.cfg.Watermarks && !r.box.cfg.Business.Simulated()
		case <-prunes.C:
			if err := prune(ctx, conn); err != nil {
				return err
			}
		}
	}
}

// drain publishes until nothing is unsent.
func (r *Relay) drain(ctx context.Context, conn *pgx.Conn) error {
	for {
		r.looking()
		rows, err := unsent(ctx, conn)
		if err != nil {
			return fmt.Errorf("read outbox: %w", err)
		}
		r.found(len(rows))
		if len(rows) == 0 {
			return nil
		}
		if err := publish(ctx, r.nc, rows...); err != nil {
			return fmt.Errorf("publish to %s: %w", r.box.cfg.Stream, err)
		}
		fault.Point("outbox.published")
		if err := markSent(ctx, conn, rows); err != nil {
			return fmt.Errorf("mark events sent: %w", err)
		}
		fault.Point("outbox.marked")
		r.published.Add(uint64(len(rows)))
	}
}

// looking says that what was pending is being looked for.
func (r *Relay) looking() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drained = false
	r.box.pending.Store(false)
}

// found notes what a look found.
func (r *Relay) found(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drained, r.last = n == 0, n
	r.work += uint64(n)
}

func (r *Relay) lockKey() int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("gallra outbox relay " + r.box.cfg.Service))
	return int64(h.Sum64() >> 1)
}

func (r *Relay) setLeading(leading bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leading, r.drained, r.marked = leading, false, 0
}

// Report counts unsent rows and says which clock version was marked. The
// leading relay answers from memory: what its process commits is pending until
// it has looked, and what other instances commit they count themselves.
func (r *Relay) Report(ctx context.Context) (clock.State, error) {
	r.mu.Lock()
	s := clock.State{Work: r.work}
	leading := r.leading
	if leading && r.marks() {
		s.ClockVersion = max(1, r.marked)
	}
	if r.box.pending.Load() || !r.drained {
		s.Unsent = max(1, r.last)
	}
	r.mu.Unlock()
	if leading {
		return s, nil
	}
	var err error
	if s.Unsent, err = r.unsent(ctx); err != nil {
		return clock.State{}, err
	}
	return s, nil
}

// marks says that a simulated clock's versions are to be marked.
func (r *Relay) marks() bool {
	return r.box.cfg.Watermarks && r.box.cfg.Business.Simulated()
}
