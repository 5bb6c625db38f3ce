package credentials_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/credentials"
)

func TestAServicePublishesOnItsOwnContextAndNoOther(t *testing.T) {
	t.Parallel()
	place := started(t)
	place.provisioned(t)
	nc, denied := place.login(t, "intake")
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
	place := started(t)
	place.provisioned(t)
	publisher, _ := place.login(t, "intake")
	if _, err := publisher.Request("ev.a.contact.1.contact.recorded.v1", []byte("{}"), 5*time.Second); err != nil {
		t.Fatal(err)
	}
	nc, _ := place.login(t, "case-linker")
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
	place := started(t)
	for _, user := range []string{"outside", "console", "ledger"} {
		nc, denied := place.login(t, user)
		if _, err := nc.SubscribeSync(credentials.InboxPrefix("intake") + ".>"); err != nil {
			t.Fatal(err)
		}
		expectDenial(t, nc, denied)
	}
}

func TestAnAnalystReachesNothingOfTheOperation(t *testing.T) {
	t.Parallel()
	place := started(t)
	place.provisioned(t)
	nc, denied := place.login(t, "analyst")
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

// Whoever asks says where the answer goes. Within one account that may be any subject, and
// the one who answers publishes there.
func TestNobodyOutsideHasTheAnswerToARequestPublishedForItself(t *testing.T) {
	t.Parallel()
	place := started(t)
	place.provisioned(t)
	intake, _ := place.login(t, "intake")
	asked := make(chan struct{}, 1)
	if _, err := intake.QueueSubscribe("in.*.contact", "intake", respond(asked)); err != nil {
		t.Fatal(err)
	}
	coordinator, _ := place.login(t, "coordinator")
	heard, err := coordinator.SubscribeSync("node.hello")
	if err != nil {
		t.Fatal(err)
	}
	for _, nc := range []interface{ Flush() error }{intake, coordinator} {
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	outside, _ := place.login(t, "outside")
	if err := outside.PublishRequest("in.a.contact", "node.hello", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	<-asked
	if m, err := heard.NextMsg(300 * time.Millisecond); err == nil {
		t.Errorf("the coordinator was told %s", m.Data)
	}
}
