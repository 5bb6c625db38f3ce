package retentiontimer

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/logs"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/serve"
	"gallra.se/services/retention-timer/internal/testbed"
)

// producer is another service: its outbox and relay, nothing else.
type producer struct {
	box *outbox.Box
	db  *pgxpool.Pool
}

func produce(t *testing.T, nc *nats.Conn, business clock.Business, service, context string) producer {
	t.Helper()
	url := pgtest.New(t)
	if err := pg.Migrate(t.Context(), url, outbox.Migrations, "migrations", "outbox_version"); err != nil {
		t.Fatal(err)
	}
	p := producer{outbox.New(outbox.Config{Service: service, Context: context, Stream: bus.StreamOf(context), Business: business, Watermarks: true}), open(t, url)}
	background(t, outbox.NewRelay(p.box, p.db, nc, logs.New(io.Discard, service)).Run)
	return p
}

func (p producer) say(t *testing.T, eventType string, key uuid.UUID, data any) {
	t.Helper()
	err := pg.Tx(t.Context(), p.db, func(tx pgx.Tx) error {
		return p.box.Append(t.Context(), tx, outbox.Draft{Authority: testbed.AF, Type: eventType, Subject: key.String(), Key: key.String(), Data: data})
	})
	if err != nil {
		t.Fatal(err)
	}
	p.box.Committed()
}

func open(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// background runs a loop until the test ends, and waits for it.
func background(t *testing.T, loop func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = loop(ctx)
	}()
	t.Cleanup(func() { cancel(); <-ended })
}

// heard listens to what retention-timer says.
func heard(t *testing.T, nc *nats.Conn) func(eventType string) bus.Event {
	t.Helper()
	url := pgtest.New(t)
	if err := pg.Migrate(t.Context(), url, bus.Migrations, "migrations", "bus_version"); err != nil {
		t.Fatal(err)
	}
	said := make(chan bus.Event, 100)
	hear := func(_ context.Context, _ pgx.Tx, ev bus.Event) error { said <- ev; return nil }
	consumer := bus.NewConsumer(bus.ConsumerConfig{Service: "test", DB: open(t, url), NC: nc, Streams: []string{"EV_RETENTION"}, Log: logs.New(io.Discard, "test"),
		Handlers: map[string]bus.Handler{events.TypeClockStarted: hear, events.TypeClockCancelled: hear, events.TypeDisposalDue: hear}})
	background(t, consumer.Run)
	return func(eventType string) bus.Event {
		t.Helper()
		select {
		case ev := <-said:
			if ev.Type != eventType {
				t.Fatalf("heard %s, want %s", ev.Type, eventType)
			}
			return ev
		case <-time.After(20 * time.Second):
			t.Fatalf("heard nothing, want %s", eventType)
			return bus.Event{}
		}
	}
}

func TestAChatIsDueOverTheBusOnlyWhenBothProducersHavePassedItsMidnight(t *testing.T) {
	t.Parallel()
	nc := bustest.Server(t, "contact", "case", "retention")
	now := &testbed.Clock{}
	now.Set(testbed.At("2024-01-31 16:20"))
	intake := produce(t, nc, now, events.Intake, "contact")
	hear := heard(t, nc)
	url := start(t, nc, now)

	chat := uuid.New()
	intake.say(t, events.TypeContactRecorded, chat, events.ContactRecorded{Contact: chat, Unit: chat, Category: "contact.chat", EndedOn: "2024-01-31"})
	hear(events.TypeClockStarted)

	now.Set(testbed.At("2024-03-01 00:00"))
	report := reportWhen(t, nc, func(r clock.Report) bool { return slices.Equal(r.WaitsFor, []string{events.CaseLinker}) })
	if report.Busy == 0 || report.Service != events.RetentionTimer {
		t.Errorf("while a watermark is missing the service reports %+v", report)
	}
	produce(t, nc, now, events.CaseLinker, "case") // its relay speaks
	var due events.DisposalDue
	if err := hear(events.TypeDisposalDue).Into(&due); err != nil {
		t.Fatal(err)
	}
	if len(due.Units) != 1 || due.Units[0].Unit != chat || due.Units[0].DueOn != "2024-03-01" || due.Holder != events.Intake || due.Units[0].PolicyVersion == "" {
		t.Errorf("%+v", due)
	}
	reportWhen(t, nc, func(r clock.Report) bool { return r.Busy == 0 && r.Next.IsZero() && r.Unsent == 0 })

	var board []struct{ Rule string }
	answer(t, nc, "ask.retention-timer.board", &board)
	var summary struct{ Units map[string]int }
	answer(t, nc, "ask.retention-timer.summary", &summary)
	if len(board) == 0 || summary.Units["due"] != 1 {
		t.Errorf("board %v, summary %v", board, summary)
	}
	for path, want := range map[string]int{"/readyz": 200, "/metrics": 200, "/v1/alarms": 401} {
		resp, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}

// start runs the service and returns its address.
func start(t *testing.T, nc *nats.Conn, business clock.Business) (url string) {
	t.Helper()
	database := pgtest.New(t)
	if err := pg.MigrateAll(t.Context(), database, Migrations()...); err != nil {
		t.Fatal(err)
	}
	l, err := serve.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Deps{Instance: "1", Listener: l, DB: open(t, database), NC: nc, Clock: business, Policy: policy.Default(),
		Bearer: bearer.NewVerifier(public), Log: logs.New(io.Discard, events.RetentionTimer), Simulated: true})
	if err != nil {
		t.Fatal(err)
	}
	background(t, s.Run)
	return "http://" + l.Addr().String()
}

// reportWhen asks for the node's report until it is as wanted.
func reportWhen(t *testing.T, nc *nats.Conn, wanted func(clock.Report) bool) clock.Report {
	t.Helper()
	var r clock.Report
	for range 400 {
		if m, err := nc.Request(clock.SubjectReport, nil, time.Second); err == nil {
			r = clock.Report{}
			if err := json.Unmarshal(m.Data, &r); err != nil {
				t.Fatal(err)
			}
			if wanted(r) {
				return r
			}
		}
		if err := clock.Sleep(t.Context(), 25*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("the last report was %+v", r)
	return r
}

func answer(t *testing.T, nc *nats.Conn, subject string, into any) {
	t.Helper()
	m, err := nc.Request(subject, nil, 5*time.Second)
	if err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
	if err := json.Unmarshal(m.Data, into); err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
}
