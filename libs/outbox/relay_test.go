package outbox_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

// instances are relays and boxes of one service on one database. None looks for
// anything by itself: what goes out was told of.
type instances struct {
	t   *testing.T
	ctx context.Context
	nc  *nats.Conn
	db  *pgxpool.Pool
}

type instance struct {
	box   *outbox.Box
	relay *outbox.Relay
	stop  func()
}

func newInstances(t *testing.T) *instances {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	s := &instances{t: t, ctx: ctx, nc: bustest.Server(t, "contact")}
	url := pgtest.New(t)
	s.must(pg.Migrate(ctx, url, outbox.Migrations, "migrations", "outbox_version"))
	var err error
	s.db, err = pg.Open(ctx, url)
	s.must(err)
	t.Cleanup(s.db.Close)
	return s
}

func (s *instances) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *instances) start(poll time.Duration) instance {
	box := outbox.New(outbox.Config{Service: "intake", Context: "contact", Stream: "EV_CONTACT", Business: clock.Real()})
	i := instance{box: box, relay: outbox.NewRelay(box, s.db, s.nc, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	i.relay.PollEvery(poll)
	ctx, cancel := context.WithCancel(s.ctx)
	var running sync.WaitGroup
	running.Go(func() { _ = i.relay.Run(ctx) })
	i.stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	s.t.Cleanup(i.stop)
	return i
}

func (s *instances) say(i instance, key string) {
	s.t.Helper()
	s.must(pg.Tx(s.ctx, s.db, func(tx pgx.Tx) error {
		return i.box.Append(s.ctx, tx, outbox.Draft{Authority: "a", Type: "se.gallra.contact.noted.v1", Subject: key, Key: key})
	}))
	i.box.Committed()
}

func (s *instances) until(what string, holds func() bool) {
	s.t.Helper()
	for !holds() {
		if clock.Sleep(s.ctx, 5*time.Millisecond) != nil {
			s.t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (s *instances) stored() uint64 {
	s.t.Helper()
	js, err := jetstream.New(s.nc)
	s.must(err)
	stream, err := js.Stream(s.ctx, "EV_CONTACT")
	s.must(err)
	return stream.CachedInfo().State.Msgs
}

func (s *instances) leads(i instance) {
	s.t.Helper()
	s.until("it leads", func() bool { r, err := i.relay.Report(s.ctx); return err == nil && r.Unsent == 0 && r.Work > 0 })
}

func TestWhatAnotherInstanceCommitsWakesTheLeader(t *testing.T) {
	s := newInstances(t)
	const never = time.Hour
	leader := s.start(never)
	s.say(leader, "first")
	s.leads(leader)
	other := s.start(never)
	s.until("the other stands by", func() bool {
		r, err := other.relay.Report(s.ctx)
		return err == nil && r.Unsent == 0
	})
	for n := range 20 {
		s.say(other, fmt.Sprint("k", n))
		s.until("it is stored", func() bool { return s.stored() >= uint64(n+2) })
	}
	s.until("both say that nothing is unsent", func() bool {
		a, err := leader.relay.Report(s.ctx)
		s.must(err)
		b, err := other.relay.Report(s.ctx)
		s.must(err)
		return a.Unsent == 0 && b.Unsent == 0
	})
}

func TestAnInstanceThatDoesNotLeadCountsWhatIsUnsent(t *testing.T) {
	s := newInstances(t)
	box := outbox.New(outbox.Config{Service: "intake", Context: "contact", Stream: "EV_CONTACT", Business: clock.Real()})
	idle := instance{box: box, relay: outbox.NewRelay(box, s.db, s.nc, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	s.say(idle, "a")
	s.say(idle, "b")
	if r, err := idle.relay.Report(s.ctx); err != nil || r.Unsent != 2 {
		t.Errorf("%d unsent: %v", r.Unsent, err)
	}
	s.start(outbox.Poll)
	s.until("the leader has published it", func() bool { r, err := idle.relay.Report(s.ctx); return err == nil && r.Unsent == 0 })
}

func TestTheNextInstanceLeadsWhenTheLeaderEnds(t *testing.T) {
	s := newInstances(t)
	leader := s.start(outbox.Poll)
	s.say(leader, "a")
	s.leads(leader)
	next := s.start(outbox.Poll)
	leader.stop()
	s.say(next, "b")
	s.until("it is stored", func() bool { return s.stored() == 2 })
	s.leads(next)
}

// TestTheCountOfUnsentEventsReadsAnIndexThatHoldsTheseAlone keeps the settle barrier cheap, which asks for it all the time.
func TestTheCountOfUnsentEventsReadsAnIndexThatHoldsTheseAlone(t *testing.T) {
	s := newInstances(t)
	_, err := s.db.Exec(s.ctx, `
		INSERT INTO outbox (event, subject, payload, sent_at)
		SELECT gen_random_uuid(), 's', 'p', CASE WHEN n > 20 THEN timestamptz '2024-01-01' END FROM generate_series(1, 20000) AS n`)
	s.must(err)
	rows, err := s.db.Query(s.ctx, `EXPLAIN SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 100000) AS u`)
	s.must(err)
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	s.must(err)
	if said := strings.Join(plan, "\n"); !strings.Contains(said, "outbox_unsent") {
		t.Error(said)
	}
}
