package retentiontimer

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/logs"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/testbed"
)

// timer is retention-timer as more than one instance, in time that a coordinator moves.
type timer struct {
	t           *testing.T
	ctx         context.Context
	nc          *nats.Conn
	url         string
	coordinator *clock.Coordinator
}

func newTimer(t *testing.T, start string) *timer {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	w := &timer{t: t, ctx: ctx, nc: bustest.Server(t, "contact", "case", "retention"), url: pgtest.New(t)}
	if err := pg.MigrateAll(ctx, w.url, Migrations()...); err != nil {
		t.Fatal(err)
	}
	var err error
	w.coordinator, err = clock.NewCoordinator(ctx, w.nc, w.table(), testbed.At(start), []string{events.RetentionTimer}, logs.New(io.Discard, "test"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// table is where the coordinator keeps the time: a database of its own.
func (w *timer) table() clock.Table {
	w.t.Helper()
	url := pgtest.New(w.t)
	if err := pg.Migrate(w.ctx, url, clock.Migrations, "migrations", "clock_version"); err != nil {
		w.t.Fatal(err)
	}
	pool, err := pg.Open(w.ctx, url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(pool.Close)
	return clock.Table{Pool: pool}
}

// join starts an instance with connections of its own and returns how to kill it: nobody is told.
func (w *timer) join(name string) (kill func()) {
	w.t.Helper()
	nc := bustest.Connect(w.t, w.nc.ConnectedUrl())
	ctx, cancel := context.WithCancel(w.ctx)
	follower, err := clock.Follow(ctx, nc)
	if err != nil {
		w.t.Fatal(err)
	}
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	db, err := pg.Open(w.ctx, w.url, pg.MaxConns(8))
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := New(Deps{Instance: name, DB: db, NC: nc, Clock: follower, Policy: policy.Default(), Bearer: bearer.NewVerifier(public),
		Log: logs.New(io.Discard, events.RetentionTimer), Simulated: true})
	if err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Run(ctx) }()
	kill = sync.OnceFunc(func() { nc.Close(); cancel(); <-ended; db.Close() })
	w.t.Cleanup(kill)
	return kill
}

// told is when retention-timer said that a unit is due, and when it was.
type told struct{ at, due time.Time }

// due collects what retention-timer says.
func (w *timer) due() func() map[uuid.UUID][]told {
	w.t.Helper()
	url := pgtest.New(w.t)
	if err := pg.Migrate(w.ctx, url, bus.Migrations, "migrations", "bus_version"); err != nil {
		w.t.Fatal(err)
	}
	var mu sync.Mutex
	said := map[uuid.UUID][]told{}
	hear := func(_ context.Context, _ pgx.Tx, ev bus.Event) error {
		var due events.DisposalDue
		if err := ev.Into(&due); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, u := range due.Units {
			said[u.Unit] = append(said[u.Unit], told{ev.Time(), u.DueAt})
		}
		return nil
	}
	consumer := bus.NewConsumer(bus.ConsumerConfig{Service: "test", DB: open(w.t, url), NC: w.nc, Streams: []string{"EV_RETENTION"},
		Log: logs.New(io.Discard, "test"), Handlers: map[string]bus.Handler{events.TypeDisposalDue: hear}})
	background(w.t, consumer.Run)
	return func() map[uuid.UUID][]told {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(said)
	}
}

func (w *timer) advance(to string) {
	w.t.Helper()
	if _, err := w.coordinator.Advance(w.ctx, testbed.At(to)); err != nil {
		w.t.Fatal(err)
	}
}

func TestEveryDateIsKeptByTwoInstancesOfWhichOneIsKilled(t *testing.T) {
	w := newTimer(t, "2024-01-31 12:00")
	follower, err := clock.Follow(w.ctx, w.nc)
	if err != nil {
		t.Fatal(err)
	}
	intake := produce(t, w.nc, follower, events.Intake, "contact")
	produce(t, w.nc, follower, events.CaseLinker, "case")
	said := w.due()
	w.join("1")
	kill := w.join("2")

	// Contacts of eleven days: on each of eleven days in February as many are due.
	recorded := 0
	record := func(n int) {
		for i := range n {
			chat := uuid.New()
			intake.say(t, events.TypeContactRecorded, chat, events.ContactRecorded{Contact: chat, Unit: chat, Category: "contact.chat",
				EndedOn: fmt.Sprintf("2024-01-%02d", 21+i%11)})
			recorded++
		}
	}
	record(110)
	w.advance("2024-02-22 12:00")
	record(55)
	kill() // with some of these applied by it, some not
	w.join("3")
	w.advance("2024-02-25 12:00")
	w.join("4")
	w.advance("2024-03-05 12:00")

	for range 400 { // the last events are on their way to the test
		if len(said()) >= recorded || clock.Sleep(w.ctx, 10*time.Millisecond) != nil {
			break
		}
	}
	got, days := said(), map[time.Time]bool{}
	if len(got) != recorded {
		t.Errorf("%d units were told of, expected %d", len(got), recorded)
	}
	late := testbed.At("2024-02-22 12:00") // what was recorded when its date was past goes at once
	for unit, all := range got {
		if len(all) != 1 {
			t.Errorf("unit %s was told of %d times", unit, len(all))
		}
		if all[0].due.After(late) {
			days[all[0].due] = true
		}
		if at := all[0].at; !at.Equal(all[0].due) && (all[0].due.After(late) || !at.Equal(late)) {
			t.Errorf("a unit that is due %s was told of at %s", all[0].due, at)
		}
	}
	if len(days) != 8 {
		t.Errorf("units were due on %d more days", len(days))
	}
}
