package bus_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
)

// handClock is moved by the test.
type handClock struct {
	mu      sync.Mutex
	now     time.Time
	version int64
	moved   chan struct{}
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2024, 2, 29, 22, 59, 0, 0, time.UTC), version: 1, moved: make(chan struct{})}
}

func (c *handClock) Now() time.Time         { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *handClock) Version() int64         { c.mu.Lock(); defer c.mu.Unlock(); return c.version }
func (c *handClock) Simulated() bool        { return true }
func (c *handClock) Moved() <-chan struct{} { c.mu.Lock(); defer c.mu.Unlock(); return c.moved }

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.version = c.now.Add(d), c.version+1
	close(c.moved)
	c.moved = make(chan struct{})
}

func TestAWatermarkIsNeverAheadOfATransactionThatWroteBeforeIt(t *testing.T) {
	hand := newHandClock()
	w := newWorld(t, hand)
	midnight := hand.Now().Add(time.Minute)
	var mu sync.Mutex
	var order []string
	note := func(what string) { mu.Lock(); defer mu.Unlock(); order = append(order, what) }
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "retention-timer", DB: w.consumer, NC: w.nc, Streams: []string{"EV_CONTACT"}, Log: w.log,
		Handlers: map[string]bus.Handler{noted: func(context.Context, pgx.Tx, bus.Event) error { note("event"); return nil }},
		Watermark: func(_ context.Context, _ pgx.Tx, m bus.Watermark) error {
			if !m.At.Before(midnight) {
				note("midnight")
			}
			return nil
		}})
	w.start(c.Run)
	w.relay()

	tx, err := w.producer.Begin(w.ctx) // a re-registration at 23:59, slow to commit
	w.must(err)
	w.must(w.box.Append(w.ctx, tx, outbox.Draft{Authority: "a", Type: noted, Subject: "k", Key: "k", Data: 1}))
	hand.move(2 * time.Minute)
	w.must(w.say("other")) // others go on meanwhile
	w.until("the other event is applied", func() bool { mu.Lock(); defer mu.Unlock(); return len(order) == 1 })
	w.must(tx.Commit(w.ctx))
	w.box.Committed()
	w.until("the watermark has passed midnight", func() bool { mu.Lock(); defer mu.Unlock(); return len(order) >= 3 })
	mu.Lock()
	defer mu.Unlock()
	if order[0] != "event" || order[1] != "event" || order[2] != "midnight" {
		t.Errorf("heard %v, expected both events before midnight", order)
	}
}
