package connect_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
)

var discarded = slog.New(slog.DiscardHandler)

// place is a running nats-server with the system's streams, and the desk of its operator.
type place struct {
	connect.Desk
	layout embedded.Layout
}

func opened(t *testing.T) place {
	t.Helper()
	layout, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return place{connect.Desk{Folder: layout.Credentials(), URL: "nats://127.0.0.1:1"}, layout}
}

func (p *place) start(t *testing.T) {
	t.Helper()
	server, err := embedded.StartNats(p.layout, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	p.URL = server.URL()
	js, err := jetstream.New(p.as(t, "provisioner"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Provision(t.Context(), js, assembly.Contexts()); err != nil {
		t.Fatal(err)
	}
	readers, err := p.Folder.Readers()
	if err != nil {
		t.Fatal(err)
	}
	if err := connect.EnsureReaders(t.Context(), js, readers); err != nil {
		t.Fatal(err)
	}
}

func started(t *testing.T) place {
	t.Helper()
	p := opened(t)
	p.start(t)
	return p
}

// as connects a user of the system's own.
func (p place) as(t *testing.T, user string) *nats.Conn {
	t.Helper()
	login := assembly.Nats{URL: p.URL, SeedFile: p.Folder.Seed(user), User: user}
	nc, err := assembly.Connect(login, user, discarded)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// add makes a partner and connects as it would: with the inbox that clients use by themselves.
func (p place) add(t *testing.T, name string, publish, subscribe []string) (connect.Given, *nats.Conn) {
	t.Helper()
	partner, err := connect.Ask(name, publish, subscribe)
	if err != nil {
		t.Fatal(err)
	}
	given, err := p.Add(t.Context(), partner, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := p.login(given.Seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return given, nc
}

func (p place) login(seed string) (*nats.Conn, error) {
	nkey, err := nats.NkeyOptionFromSeed(seed)
	if err != nil {
		return nil, err
	}
	return nats.Connect(p.URL, nkey, nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}),
		nats.ReconnectWait(20*time.Millisecond))
}

const (
	af = "arbetsformedlingen"
	te = "te-customer-service"
)

// store publishes events as their producer does: each is in its stream when it returns.
func store(t *testing.T, producer *nats.Conn, subjects ...string) {
	t.Helper()
	for _, subject := range subjects {
		answer, err := producer.Request(subject, []byte(fmt.Sprintf("%q", subject)), 5*time.Second)
		if err != nil || strings.Contains(string(answer.Data), "error") {
			t.Fatalf("%s is not stored: %v %s", subject, err, answer.Data)
		}
	}
}

// reads takes what a partner's consumer gives within a moment, and acknowledges it.
func reads(t *testing.T, nc *nats.Conn, r credentials.Reader) []string {
	t.Helper()
	js, err := jetstream.NewWithDomain(nc, credentials.Domain)
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := js.Consumer(t.Context(), r.Stream, r.Name)
	if err != nil {
		t.Fatal(err)
	}
	// The server tells its consumers of what is stored a moment after it has said that it is: the first is waited for.
	batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	subjects := taken(t, batch)
	if batch, err = consumer.FetchNoWait(100); err != nil {
		t.Fatal(err)
	}
	return append(subjects, taken(t, batch)...)
}

// taken acknowledges what a fetch has brought.
func taken(t *testing.T, batch jetstream.MessageBatch) []string {
	t.Helper()
	var subjects []string
	for m := range batch.Messages() {
		subjects = append(subjects, m.Subject())
		if err := m.DoubleAck(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Error(); err != nil {
		t.Fatal(err)
	}
	return subjects
}

// denied says that the server refuses what do does.
func denied(t *testing.T, nc *nats.Conn, what string, do func() error) {
	t.Helper()
	if err := do(); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := nc.LastError(); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", what)) {
		t.Errorf("%s is let pass: %v", what, err)
	}
}
