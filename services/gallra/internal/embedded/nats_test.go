package embedded

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
)

func startedNats(t *testing.T) (Layout, *Nats) {
	t.Helper()
	layout, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ns, err := StartNats(layout, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ns.Stop)
	return layout, ns
}

// login connects as a user; denials reach the returned channel.
func login(t *testing.T, l Layout, ns *Nats, user string) (*nats.Conn, <-chan error) {
	t.Helper()
	denied := make(chan error, 16)
	nkey, err := nats.NkeyOptionFromSeed(l.Seed(user))
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(ns.URL(), nkey, nats.CustomInboxPrefix(InboxPrefix(user)),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { denied <- err }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc, denied
}

func provisioned(t *testing.T, l Layout, ns *Nats) {
	t.Helper()
	nc, _ := login(t, l, ns, "provisioner")
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Provision(t.Context(), js, []string{"contact", "case"}); err != nil {
		t.Fatal(err)
	}
}

func TestAServicePublishesOnItsOwnContextAndNoOther(t *testing.T) {
	t.Parallel()
	layout, ns := startedNats(t)
	provisioned(t, layout, ns)
	nc, denied := login(t, layout, ns, "intake")
	if _, err := nc.Request("ev.arbetsformedlingen.contact.3.contact.recorded.v1", []byte("{}"), 5*time.Second); err != nil {
		t.Fatalf("own context: %v", err)
	}
	if err := nc.Publish("ev.arbetsformedlingen.case.3.case.opened.v1", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	expectDenial(t, nc, denied)
}

func TestAServiceReadsTheStreamsItConsumes(t *testing.T) {
	t.Parallel()
	layout, ns := startedNats(t)
	provisioned(t, layout, ns)
	publisher, _ := login(t, layout, ns, "intake")
	if _, err := publisher.Request("ev.a.contact.1.contact.recorded.v1", []byte("{}"), 5*time.Second); err != nil {
		t.Fatal(err)
	}
	nc, _ := login(t, layout, ns, "case-linker")
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := js.OrderedConsumer(t.Context(), "EV_CONTACT", jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := consumer.Next(jetstream.FetchMaxWait(5 * time.Second)); err != nil {
		t.Fatalf("read own stream: %v", err)
	}
}

func TestNobodyListensInOnAnothersAnswers(t *testing.T) {
	t.Parallel()
	layout, ns := startedNats(t)
	for _, user := range []string{"outside", "console", "ledger"} {
		nc, denied := login(t, layout, ns, user)
		if _, err := nc.SubscribeSync(InboxPrefix("intake") + ".>"); err != nil {
			t.Fatal(err)
		}
		expectDenial(t, nc, denied)
	}
}

func TestAnAnalystReachesNothingOfTheOperation(t *testing.T) {
	t.Parallel()
	layout, ns := startedNats(t)
	provisioned(t, layout, ns)
	nc, denied := login(t, layout, ns, "analyst")
	for _, subject := range []string{"ev.>", "ask.>", "stats.v1.>"} {
		if _, err := nc.SubscribeSync(subject); err != nil {
			t.Fatal(err)
		}
		expectDenial(t, nc, denied)
	}
	for _, subject := range []string{"stats.v1.x", "$JS.API.STREAM.PURGE.STATS", "$JS.API.STREAM.INFO.EV_CASE", "in.arbetsformedlingen.contact"} {
		if err := nc.Publish(subject, nil); err != nil {
			t.Fatal(err)
		}
		expectDenial(t, nc, denied)
	}
}

func TestSeedsAreForTheOwnerAloneAndKept(t *testing.T) {
	t.Parallel()
	layout, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	before, err := layout.publicKeys(Users())
	if err != nil {
		t.Fatal(err)
	}
	after, err := layout.publicKeys(Users())
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range before {
		if after[name] != key {
			t.Errorf("%s got a new key", name)
		}
		info, err := os.Stat(layout.Seed(name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
	text := NatsConf("127.0.0.1:4222", "/x", Users(), before)
	if !strings.Contains(text, "sync_interval: always") || strings.Contains(text, "SU") && strings.Contains(text, "\"SU") {
		t.Error("the configuration must sync always and hold no seed")
	}
}

func TestASecondGallraOnTheSameDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	layout, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first, err := layout.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := layout.Lock(); err == nil {
		t.Fatal("the lock was given twice")
	}
}

func expectDenial(t *testing.T, nc *nats.Conn, denied <-chan error) {
	t.Helper()
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-denied:
		if !strings.Contains(strings.ToLower(err.Error()), "permissions violation") {
			t.Fatalf("denied with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the server let it pass")
	}
}
