package bus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

// world is a producer and a consumer of the context "contact" on real parts.
type world struct {
	t        *testing.T
	ctx      context.Context
	nc       *nats.Conn
	producer *pgxpool.Pool
	consumer *pgxpool.Pool
	box      *outbox.Box
	log      *slog.Logger
}

const noted = "se.gallra.contact.noted.v1"

func newWorld(t *testing.T, business clock.Business) *world {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, nc: bustest.Server(t, "contact"), log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	w.producer, w.consumer = w.database("outbox"), w.database("bus")
	w.box = outbox.New(outbox.Config{Service: "intake", Context: "contact", Stream: "EV_CONTACT", Business: business, Watermarks: true})
	w.exec(w.consumer, `CREATE TABLE applied (n bigint GENERATED ALWAYS AS IDENTITY, key text, version text, stored_at text)`)
	return w
}

func (w *world) database(kind string) *pgxpool.Pool {
	w.t.Helper()
	url := pgtest.New(w.t)
	fsys := outbox.Migrations
	if kind == "bus" {
		fsys = bus.Migrations
	}
	w.must(pg.Migrate(w.ctx, url, fsys, "migrations", kind+"_version"))
	pool, err := pg.Open(w.ctx, url)
	w.must(err)
	w.t.Cleanup(pool.Close)
	return pool
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(pool *pgxpool.Pool, sql string, args ...any) {
	w.t.Helper()
	_, err := pool.Exec(w.ctx, sql, args...)
	w.must(err)
}

func (w *world) count(pool *pgxpool.Pool, sql string) (n int) {
	w.t.Helper()
	w.must(pool.QueryRow(w.ctx, sql).Scan(&n))
	return n
}

// say appends one event for each key, in one transaction.
func (w *world) say(keys ...string) error {
	err := pg.Tx(w.ctx, w.producer, func(tx pgx.Tx) error {
		for _, k := range keys {
			if err := w.box.Append(w.ctx, tx, outbox.Draft{Authority: "a", Type: noted, Subject: k, Key: k, Data: map[string]string{}}); err != nil {
				return err
			}
		}
		return nil
	})
	w.box.Committed()
	return err
}

func (w *world) relay() (stop func()) {
	return w.start(outbox.NewRelay(w.box, w.producer, w.nc, w.log).Run)
}

// start runs f until stop, which waits for its end.
func (w *world) start(f func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(w.ctx)
	var wg sync.WaitGroup
	wg.Go(func() { _ = f(ctx) })
	stop = func() { cancel(); wg.Wait() }
	w.t.Cleanup(stop)
	return stop
}

func (w *world) consume(h bus.Handler) (*bus.Consumer, func()) {
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: w.consumer, NC: w.nc, Streams: []string{"EV_CONTACT"},
		Handlers: map[string]bus.Handler{noted: h}, Log: w.log})
	return c, w.start(c.Run)
}

func record(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO applied (key, version) VALUES ($1, $2)`, ev.Key, fmt.Sprint(ev.CE.Extensions()["sequence"]))
	return err
}

// until waits for a condition that background work brings about.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	for !holds() {
		if err := clock.Sleep(w.ctx, 5*time.Millisecond); err != nil {
			w.t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (w *world) appliedCount() int { return w.count(w.consumer, `SELECT count(*) FROM applied`) }

// inOrder fails unless every key's versions were applied as 1, 2, 3 ….
func (w *world) inOrder() {
	w.t.Helper()
	bad := w.count(w.consumer, `
		SELECT count(*) FROM (SELECT version::bigint AS v, row_number() OVER (PARTITION BY key ORDER BY n) AS expected FROM applied) AS o
		WHERE v <> expected`)
	if bad > 0 {
		w.t.Errorf("%d events applied out of the order of their key, twice or not at all", bad)
	}
}

func TestEveryCommittedEventIsAppliedOnceAndInTheOrderOfItsKey(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.relay()
	w.relay() // a second instance waits for the lock
	w.consume(record)
	w.consume(record) // two instances share the positions
	var committed atomic.Int64
	var wg sync.WaitGroup
	for writer := range 4 {
		rng := rand.New(rand.NewPCG(7, uint64(writer)))
		wg.Go(func() {
			for range 60 {
				keys := []string{fmt.Sprint("k", rng.IntN(9)), fmt.Sprint("k", rng.IntN(9)+9)}
				if rng.IntN(5) == 0 {
					w.abandon(keys)
				} else if err := w.say(keys...); err != nil {
					t.Error(err)
				} else {
					committed.Add(int64(len(keys)))
				}
			}
		})
	}
	wg.Wait()
	w.until("all events are applied", func() bool { return w.appliedCount() >= int(committed.Load()) })
	w.inOrder()
	if n := w.appliedCount(); n != int(committed.Load()) {
		t.Errorf("applied %d events of %d", n, committed.Load())
	}
}

// abandon appends and rolls back.
func (w *world) abandon(keys []string) {
	errAbandoned := errors.New("abandoned")
	_ = pg.Tx(w.ctx, w.producer, func(tx pgx.Tx) error {
		for _, k := range keys {
			if err := w.box.Append(w.ctx, tx, outbox.Draft{Authority: "a", Type: noted, Subject: k, Key: k}); err != nil {
				return err
			}
		}
		return errAbandoned
	})
}

func (w *world) stored() uint64 {
	w.t.Helper()
	js, err := jetstream.New(w.nc)
	w.must(err)
	s, err := js.Stream(w.ctx, "EV_CONTACT")
	w.must(err)
	return s.CachedInfo().State.Msgs
}

func TestACrashBetweenAcknowledgementAndMarkStoresNothingTwice(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.must(w.say("a", "b", "c"))
	stop := w.relay()
	sent := func() bool { return w.count(w.producer, `SELECT count(*) FROM outbox WHERE sent_at IS NULL`) == 0 }
	w.until("the batch is sent", func() bool { return sent() && w.stored() >= 4 })
	stop()
	before := w.stored()
	w.exec(w.producer, `UPDATE outbox SET sent_at = NULL`)
	w.must(w.say("d")) // the refused batch must not take this one with it
	w.consume(record)
	w.relay()
	w.until("the new event is applied", func() bool { return w.appliedCount() >= 4 && w.stored() >= before+2 })
	if n := w.stored(); n != before+2 { // d and one watermark
		t.Errorf("the stream holds %d messages, expected %d", n, before+2)
	}
	w.inOrder()
}

func TestAnEventStoredTwiceIsAppliedOnce(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.must(w.say("a", "b"))
	rows, err := w.producer.Query(w.ctx, `SELECT subject, payload FROM outbox ORDER BY id`)
	w.must(err)
	var subject string
	var payload []byte
	_, err = pgx.ForEachRow(rows, []any{&subject, &payload}, func() error {
		for range 2 { // no message id: as after the dedupe window
			if err := w.nc.Publish(subject, append([]byte(nil), payload...)); err != nil {
				return err
			}
		}
		return nil
	})
	w.must(err)
	c, _ := w.consume(record)
	w.until("the stream is read", func() bool { s, _ := c.Report(w.ctx); return s.Positions["EV_CONTACT"] == 4 && s.Busy == 0 })
	if n := w.appliedCount(); n != 2 {
		t.Errorf("applied %d events, expected 2", n)
	}
}

func TestARefusedEventParksWithItsKeyAndOthersGoOn(t *testing.T) {
	w := newWorld(t, clock.Real())
	c, stop := w.consume(func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
		if ev.Key == "poison" {
			return bus.Refuse(errors.New("this payload cannot be applied"))
		}
		return record(ctx, tx, ev)
	})
	w.must(w.say("a", "poison", "b"))
	w.must(w.say("poison", "a"))
	w.relay()
	w.until("the others are applied", func() bool { return w.appliedCount() == 3 })
	w.until("both are parked", func() bool { return w.count(w.consumer, `SELECT count(*) FROM bus_parked`) == 2 })
	w.inOrder()
	if s, err := c.Report(w.ctx); err != nil || s.Parked != 1 {
		t.Errorf("%d keys are reported parked: %v", s.Parked, err)
	}
	if n := w.count(w.consumer, `SELECT count(*) FROM bus_parked WHERE key <> 'poison'`); n != 0 {
		t.Errorf("%d events of other keys are parked", n)
	}
	stop()
	again, _ := w.consume(record)
	w.must(w.say("poison"))
	w.until("a restart still queues behind the parked event", func() bool {
		s, _ := again.Report(w.ctx)
		return s.Parked == 1 && w.count(w.consumer, `SELECT count(*) FROM bus_parked`) == 3
	})
}

func TestWhatIsNoCloudEventIsParkedAndDoesNotStopTheStream(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.must(w.nc.Publish("ev.a.contact.3.contact.noted.v1", []byte("{nonsense")))
	w.must(w.nc.Publish("ev.a.contact.3.contact.noted.v1", nil))
	w.must(w.say("a"))
	w.relay()
	w.consume(record)
	w.until("the good event is applied", func() bool { return w.appliedCount() == 1 })
	w.until("the bad ones are parked", func() bool { return w.count(w.consumer, `SELECT count(*) FROM bus_parked`) == 2 })
}

func TestATransientFaultIsRetriedInPlace(t *testing.T) {
	w := newWorld(t, clock.Real())
	var faults atomic.Int64
	w.consume(func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
		if ev.Key == "b" && faults.Add(1) < 4 {
			return errors.New("a fault that passes")
		}
		return record(ctx, tx, ev)
	})
	w.must(w.say("a", "b", "c", "b"))
	w.relay()
	w.until("all are applied", func() bool { return w.appliedCount() == 4 })
	w.inOrder()
}

func TestALostStreamIsPublishedAgainFromTheOutbox(t *testing.T) {
	w := newWorld(t, clock.Real())
	_, stopConsumer := w.consume(record)
	stopRelay := w.relay()
	w.must(w.say("a", "b", "a"))
	w.until("all are applied", func() bool { return w.appliedCount() == 3 })
	stopConsumer()
	stopRelay()
	js, err := jetstream.New(w.nc)
	w.must(err)
	w.must(js.DeleteStream(w.ctx, "EV_CONTACT"))
	w.must(bus.Provision(w.ctx, js, []string{"contact"}))
	w.exec(w.producer, `UPDATE outbox SET sent_at = NULL`)
	w.must(w.say("a", "b"))
	w.consume(record)
	w.relay()
	w.until("the new ones are applied", func() bool { return w.appliedCount() >= 5 })
	w.inOrder()
}
