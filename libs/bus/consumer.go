package bus

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"gallra.se/libs/clock"
)

// Migrations make the consumer's tables (directory "migrations", version table
// "bus_version").
//
//go:embed migrations/*.sql
var Migrations embed.FS

// ConsumerConfig says which streams a service reads and what it does with them.
type ConsumerConfig struct {
	Service  string
	DB       *pgxpool.Pool
	NC       *nats.Conn
	Streams  []string
	Handlers map[string]Handler // by event type; other types are passed over
	// Prepare, by event type, does what needs the network (keys, other
	// services) before the transaction; its result is Event.Prepared.
	Prepare map[string]func(ctx context.Context, ev Event) (any, error)
	// Lock, where set, is called first in each transaction with all events that it
	// is to apply. Where events of different partitions lock the same rows it locks
	// them in one order for all, or instances would wait for each other in a circle.
	Lock func(ctx context.Context, tx pgx.Tx, events []Event) error
	// Watermark, where set, hears that all that a producer committed before
	// w.At has been applied in w.Partitions of its stream: those of this
	// instance's share.
	Watermark func(ctx context.Context, tx pgx.Tx, w Watermark) error
	// Applied, where set, is called after each commit that applied something.
	Applied func()
	// Shared, where set, is called when this instance has another share of the
	// partitions, before Report says so: what an instance that died has left
	// behind, such as deadlines that only it knew of, is to be looked for now.
	Shared func()
	Log    *slog.Logger
}

// Watermark is a producer's word about its stream.
type Watermark struct {
	Stream     string
	Service    string
	At         time.Time // UTC, business time
	Partitions []int
}

// Consumer reads streams and applies the events of this instance's share of their
// partitions.
type Consumer struct {
	cfg ConsumerConfig

	flushEvery time.Duration // how often positions follow what was passed over
	applied    tally

	mu        sync.Mutex
	positions map[string]uint64 // last sequence applied or passed over
	applying  int
	work      uint64
	parked    map[string]bool // keys with a parked event

	dealt   clock.Share     // that this instance is to apply
	redealt chan struct{}   // closed when dealt changes
	taken   map[string]bool // streams whose readers have taken it
	shown   clock.Share     // that Report tells
}

// NewConsumer makes a consumer.
func NewConsumer(cfg ConsumerConfig) *Consumer {
	return &Consumer{cfg: cfg, flushEvery: 5 * time.Second, applied: tallyOf(cfg.Handlers), positions: map[string]uint64{}, parked: map[string]bool{},
		redealt: make(chan struct{}), taken: map[string]bool{}}
}

// Run reads until ctx ends and returns its error.
func (c *Consumer) Run(ctx context.Context) error {
	if err := c.answerOrder(ctx); err != nil {
		return err
	}
	if err := c.answerMissing(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return c.keepSeat(ctx) })
	g.Go(func() error { return c.read(ctx) })
	g.Go(func() error { return c.pruneInbox(ctx) })
	return g.Wait()
}

// read follows the streams for whatever share this instance is dealt.
func (c *Consumer) read(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, stream := range c.cfg.Streams {
		r := &reader{c: c, stream: stream}
		g.Go(func() error { return r.run(ctx) })
	}
	return g.Wait()
}

// Report tells the share of the partitions, how far they are applied, and what is being
// applied; a share that is being taken up is work too. A stream that has not been opened
// yet has no position of more than 0.
func (c *Consumer) Report(context.Context) (clock.State, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := clock.State{Busy: c.applying, Work: c.work, Parked: len(c.parked), Positions: map[string]uint64{}, Share: c.shown}
	if c.shown != c.dealt || c.dealt.Of == 0 {
		s.Busy++
	}
	for _, stream := range c.cfg.Streams {
		s.Positions[stream] = c.positions[stream]
	}
	return s, nil
}

// incarnation tells one life of a stream from the next.
func incarnation(ctx context.Context, js jetstream.JetStream, stream string) (string, error) {
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return "", fmt.Errorf("look at stream %s: %w", stream, err)
	}
	return s.CachedInfo().Created.UTC().Format(time.RFC3339Nano), nil
}

// retry runs f until it succeeds or ctx ends.
func retry(ctx context.Context, log *slog.Logger, what string, f func(context.Context) error) error {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := f(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		log.WarnContext(ctx, "will try again", "what", what, "error", err.Error())
		if err := clock.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}
