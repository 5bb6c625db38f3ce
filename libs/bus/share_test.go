package bus_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
)

// member is one instance of a service with connections of its own.
type member struct {
	*bus.Consumer
	stop func()
}

// join starts an instance that notes what it applies under its name.
func (w *world) join(name string) member {
	w.t.Helper()
	pool, err := pg.Open(w.ctx, w.consumer.Config().ConnString(), pg.MaxConns(3))
	w.must(err)
	nc := bustest.Connect(w.t, w.nc.ConnectedUrl())
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: pool, NC: nc, Streams: []string{"EV_CONTACT"}, Log: w.log,
		Handlers: map[string]bus.Handler{noted: func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
			_, err := tx.Exec(ctx, `INSERT INTO applied (key, version, stored_at) VALUES ($1, $2, $3)`,
				ev.Key, fmt.Sprint(ev.CE.Extensions()["sequence"]), fmt.Sprint(name, "/", ev.Partition))
			return err
		}}})
	stop := w.start(c.Run)
	return member{c, sync.OnceFunc(func() { stop(); nc.Close(); pool.Close() })}
}

// shared waits until the members share the partitions as a whole.
func (w *world) shared(members ...member) {
	w.t.Helper()
	w.until("the shares are whole", func() bool {
		var shares []clock.Share
		for _, m := range members {
			s, err := m.Report(w.ctx)
			w.must(err)
			shares = append(shares, s.Share)
		}
		return clock.Whole(shares...) && shares[0].Of == len(members)
	})
}

func TestInstancesApplyAShareEach(t *testing.T) {
	for _, many := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(many), func(t *testing.T) {
			w := newWorld(t, clock.Real())
			var members []member
			for i := range many {
				members = append(members, w.join(fmt.Sprint("instance ", i)))
			}
			w.shared(members...)
			const keys = 96
			for i := range keys {
				w.must(w.say(fmt.Sprint("k", i), fmt.Sprint("k", (i+1)%keys)))
			}
			w.relay()
			w.until("all events are applied", func() bool { return w.appliedCount() >= 2*keys })
			w.inOrder()
			if n := w.count(w.consumer, `SELECT count(*) FROM (SELECT split_part(stored_at, '/', 2) FROM applied GROUP BY 1 HAVING count(DISTINCT stored_at) > 1) AS p`); n > 0 {
				t.Errorf("%d partitions were applied by more than one instance", n)
			}
			rows, err := w.consumer.Query(w.ctx, `SELECT count(*)::int FROM applied GROUP BY split_part(stored_at, '/', 1)`)
			w.must(err)
			each, err := pgx.CollectRows(rows, pgx.RowTo[int])
			w.must(err)
			if len(each) != many || slices.Min(each) < keys/many {
				t.Errorf("%d instances applied %v of %d events", many, each, 2*keys)
			}
			w.until("every instance has read to the end", func() bool {
				return !slices.ContainsFunc(members, func(m member) bool {
					s, _ := m.Report(w.ctx)
					return s.Busy > 0 || s.Positions["EV_CONTACT"] < w.stored()
				})
			})
		})
	}
}

func TestInstancesThatDieAndJoinAtAnyTimeLoseAndRepeatNothing(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.relay()
	rng := rand.New(rand.NewPCG(11, 12))
	var committed atomic.Int64
	var writing sync.WaitGroup
	for writer := range 4 {
		rng := rand.New(rand.NewPCG(13, uint64(writer)))
		writing.Go(func() {
			for range 150 {
				keys := []string{fmt.Sprint("k", rng.IntN(30)), fmt.Sprint("k", rng.IntN(30))}
				if err := w.say(keys...); err != nil {
					t.Error(err)
					return
				}
				committed.Add(int64(len(keys)))
				_ = clock.Sleep(w.ctx, time.Duration(rng.IntN(30))*time.Millisecond)
			}
		})
	}
	members := []member{w.join("0")}
	for step := range 25 {
		w.must(clock.Sleep(w.ctx, time.Duration(rng.IntN(250))*time.Millisecond))
		switch dies := rng.IntN(len(members)); {
		case len(members) > 3 || len(members) > 1 && rng.IntN(2) == 0:
			members[dies].stop()
			members = slices.Delete(members, dies, dies+1)
		case rng.IntN(4) == 0:
			w.loseSeats()
		default:
			members = append(members, w.join(fmt.Sprint(step+1)))
		}
	}
	writing.Wait()
	w.until("all events are applied", func() bool { return w.appliedCount() >= int(committed.Load()) })
	w.shared(members...)
	w.inOrder()
	if n := w.appliedCount(); n != int(committed.Load()) {
		t.Errorf("applied %d events of %d", n, committed.Load())
	}
}

// loseSeats ends the sessions of all seats, as a database that is started again does.
func (w *world) loseSeats() {
	w.t.Helper()
	w.exec(w.consumer, `
		SELECT pg_terminate_backend(pid) FROM pg_locks
		WHERE locktype = 'advisory' AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
}

func TestAnInstanceWhoseSeatIsLostComesAgain(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.relay()
	one, other := w.join("one"), w.join("other")
	w.shared(one, other)
	w.loseSeats()
	w.must(w.say("a", "b", "c", "d"))
	w.until("all events are applied", func() bool { return w.appliedCount() == 4 })
	w.shared(one, other)
}

func TestAShareIsToldBeforeItShowsAndShowsAsWorkUntilItIsTakenUp(t *testing.T) {
	w := newWorld(t, clock.Real())
	var c *bus.Consumer
	var told atomic.Int64
	early := make(chan clock.State, 100)
	c = bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: w.consumer, NC: w.nc, Streams: []string{"EV_CONTACT"}, Log: w.log,
		Shared: func() {
			told.Add(1)
			s, _ := c.Report(w.ctx)
			early <- s
		}})
	if s, _ := c.Report(w.ctx); s.Busy == 0 || s.Share.Of != 0 {
		t.Errorf("before it has a seat it reports %+v", s)
	}
	w.start(c.ReadUnseated)
	for n, share := range []clock.Share{{Rank: 1, Of: 2}, {Rank: 0, Of: 1}, {Rank: 0, Of: 2}} {
		c.Deal(share)
		w.until("the share shows", func() bool { s, _ := c.Report(w.ctx); return s.Share == share && s.Busy == 0 })
		if got := told.Load(); got != int64(n+1) {
			t.Errorf("told %d times of share %d", got, n+1)
		}
		if s := <-early; s.Share == share || s.Busy == 0 {
			t.Errorf("while it is told of %+v it reports %+v", share, s)
		}
	}
	c.Deal(clock.Share{})
	if s, _ := c.Report(w.ctx); s.Busy == 0 || s.Share.Of != 0 {
		t.Errorf("without a seat it reports %+v", s)
	}
}

func TestAPositionShowsWhatIsToBeReadAgainForPartitionsThatWereGained(t *testing.T) {
	w := newWorld(t, clock.Real())
	stopped := make(chan struct{})
	var blocked atomic.Bool
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: w.consumer, NC: w.nc, Streams: []string{"EV_CONTACT"}, Log: w.log,
		Handlers: map[string]bus.Handler{noted: func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
			if ev.Partition%2 == 1 {
				blocked.Store(true)
				<-stopped
			}
			return record(ctx, tx, ev)
		}}})
	w.start(c.ReadUnseated)
	c.Deal(clock.Share{Rank: 0, Of: 2})
	for i := range 40 {
		w.must(w.say(fmt.Sprint("k", i)))
	}
	w.relay()
	w.until("half is applied", func() bool {
		s, _ := c.Report(w.ctx)
		return s.Busy == 0 && s.Positions["EV_CONTACT"] >= 40 && s.Share.Of == 2
	})
	half := w.appliedCount()
	c.Deal(clock.Share{Rank: 0, Of: 1})
	w.until("the rest is being applied", blocked.Load)
	if s, _ := c.Report(w.ctx); s.Positions["EV_CONTACT"] >= 40 || s.Busy == 0 {
		t.Errorf("with %d of 40 applied it reports %+v", half, s)
	}
	close(stopped)
	w.until("all is applied", func() bool { return w.appliedCount() == 40 })
	w.inOrder()
}

func TestWhatATransactionAppliesIsLockedBeforeItsFirstEvent(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.exec(w.consumer, `CREATE TABLE account (name text PRIMARY KEY)`)
	w.exec(w.consumer, `INSERT INTO account SELECT 'account ' || n FROM generate_series(0, 5) AS n`)
	account := func(ev bus.Event) string { return fmt.Sprint("account ", len(ev.Key)%6) } // of no partition
	instance := func() {
		pool, err := pg.Open(w.ctx, w.consumer.Config().ConnString())
		w.must(err)
		t.Cleanup(pool.Close)
		locked := map[string]bool{}
		c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: pool, NC: w.nc, Streams: []string{"EV_CONTACT"}, Log: w.log,
			Lock: func(ctx context.Context, tx pgx.Tx, events []bus.Event) error {
				clear(locked)
				var names []string
				for _, ev := range events {
					locked[ev.Key] = true
					names = append(names, account(ev))
				}
				_, err := tx.Exec(ctx, `SELECT FROM account WHERE name = ANY($1) ORDER BY name FOR UPDATE`, names)
				return err
			},
			Handlers: map[string]bus.Handler{noted: func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
				if !locked[ev.Key] {
					t.Errorf("%s was not locked before", ev.Key)
				}
				if _, err := tx.Exec(ctx, `UPDATE account SET name = name WHERE name = $1`, account(ev)); err != nil {
					return err
				}
				return record(ctx, tx, ev)
			}}})
		w.start(c.Run)
	}
	instance()
	instance()
	w.relay()
	rng := rand.New(rand.NewPCG(3, 4))
	const said = 600
	for range said / 20 {
		var keys []string
		for range 20 {
			keys = append(keys, fmt.Sprint("k", rng.IntN(1_000_000)))
		}
		w.must(w.say(keys...))
	}
	w.until("all is applied", func() bool { return w.appliedCount() == said })
	if n := w.count(w.consumer, `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`); n > 0 {
		t.Errorf("instances waited for each other in a circle %d times", n)
	}
}
