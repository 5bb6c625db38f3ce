package connect_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
)

func TestPartnersComeAndGoWithoutDisturbingAnyone(t *testing.T) {
	t.Parallel()
	place := started(t)
	ledger, linker := place.as(t, "ledger"), place.as(t, "case-linker")
	js, err := jetstream.New(ledger)
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := js.OrderedConsumer(t.Context(), "EV_CASE", jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan struct{}, 100)
	consuming, err := consumer.Consume(func(jetstream.Msg) { seen <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	defer consuming.Stop()
	given, first := place.add(t, "first", nil, []string{af + "/case.*"})
	stored := 0
	for _, name := range []string{"a", "b", "c"} {
		store(t, linker, "ev."+af+".case.1.case.opened.v1")
		place.add(t, name, []string{te + "/case"}, []string{af + "/case.closed"})
		store(t, linker, "ev."+af+".case.1.case.closed.v1")
		if _, err := place.Revoke(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		store(t, linker, "ev."+af+".case.1.case.closed.v1")
		stored += 3
	}
	if got := len(reads(t, first, given.Reads[0])); got != stored {
		t.Errorf("the first partner read %d of %d", got, stored)
	}
	for n := range stored {
		select {
		case <-seen:
		case <-time.After(5 * time.Second):
			t.Fatalf("the ledger has seen %d of %d", n, stored)
		}
	}
	for name, nc := range map[string]*nats.Conn{"ledger": ledger, "case-linker": linker, "first": first} {
		if n := nc.Stats().Reconnects; n != 0 {
			t.Errorf("%s had to connect again %d times", name, n)
		}
	}
}

func TestWhoWaitsForAnAnswerOrAnEventGetsItAlthoughAPartnerComesMeanwhile(t *testing.T) {
	t.Parallel()
	place := started(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	intake := place.as(t, "intake")
	_, err := intake.QueueSubscribe("in.*.contact", "intake", func(m *nats.Msg) {
		close(asked)
		<-answer
		_ = m.Respond([]byte("answer"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := intake.Flush(); err != nil {
		t.Fatal(err)
	}
	given, reader := place.add(t, "reader", nil, []string{af + "/case.closed"})
	js, err := jetstream.NewWithDomain(reader, credentials.Domain)
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := js.Consumer(t.Context(), given.Reads[0].Stream, given.Reads[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	arrived := make(chan struct{})
	reading, err := consumer.Consume(func(jetstream.Msg) { close(arrived) })
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Stop()
	answered := make(chan error, 1)
	outside := place.as(t, "outside")
	go func() {
		_, err := outside.Request("in."+af+".contact", nil, 10*time.Second)
		answered <- err
	}()
	<-asked
	place.add(t, "newcomer", []string{te + "/case"}, []string{af + "/case.closed"})
	close(answer)
	if err := <-answered; err != nil {
		t.Errorf("who was asking: %v", err)
	}
	store(t, place.as(t, "case-linker"), "ev."+af+".case.3.case.closed.v1")
	select {
	case <-arrived:
	case <-time.After(5 * time.Second):
		t.Error("who was waiting for an event waits on")
	}
}

func TestWhoIsRevokedIsThrownOutAndForgotten(t *testing.T) {
	t.Parallel()
	place := started(t)
	given, nc := place.add(t, "kund", []string{af + "/contact"}, []string{af + "/case.closed"})
	closed := make(chan struct{})
	nc.SetClosedHandler(func(*nats.Conn) { close(closed) })
	revoked, err := place.Revoke(t.Context(), "kund")
	if err != nil || !revoked.Live {
		t.Fatalf("%v %+v", err, revoked)
	}
	if left := time.Until(revoked.TokensUntil); left < 50*time.Minute || left > time.Hour {
		t.Errorf("its bearer tokens are said to be good for %s", left)
	}
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Fatal("the connection lives on")
	}
	if _, err := place.login(given.Seed); err == nil {
		t.Error("it can log in again")
	}
	js, err := jetstream.New(place.as(t, "case-linker"), jetstream.WithDefaultTimeout(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Consumer(t.Context(), "EV_CONTACT", "partner-kund"); !errors.Is(err, jetstream.ErrConsumerNotFound) {
		t.Errorf("its consumer: %v", err)
	}
	if _, err := place.Revoke(t.Context(), "kund"); !errors.Is(err, connect.ErrNoPartner) {
		t.Errorf("a second time: %v", err)
	}
	again, nc2 := place.add(t, "kund", nil, []string{af + "/case.closed"})
	if len(again.Tokens) != 0 {
		t.Errorf("a reader got tokens: %v", again.Tokens)
	}
	store(t, place.as(t, "case-linker"), "ev."+af+".case.3.case.closed.v1")
	if got := reads(t, nc2, again.Reads[0]); len(got) != 1 {
		t.Errorf("connected again it reads %v", got)
	}
}

func TestASecondAddGivesExactlyWhatItSays(t *testing.T) {
	t.Parallel()
	place := started(t)
	linker := place.as(t, "case-linker")
	first, _ := place.add(t, "kund", []string{af + "/contact"}, []string{af + "/case.closed", af + "/contact.recorded"})
	second, nc := place.add(t, "kund", nil, []string{af + "/case.opened"})
	if first.Seed != second.Seed {
		t.Error("the seed is another one")
	}
	store(t, linker, "ev."+af+".case.3.case.closed.v1", "ev."+af+".case.3.case.opened.v1")
	if got := strings.Join(reads(t, nc, second.Reads[0]), " "); got != "ev."+af+".case.3.case.opened.v1" {
		t.Errorf("read %s", got)
	}
	denied(t, nc, "in."+af+".contact", func() error { return nc.Publish("in."+af+".contact", nil) })
	subject := "$JS.gallra.API.CONSUMER.MSG.NEXT.EV_CONTACT.partner-kund"
	denied(t, nc, subject, func() error { return nc.Publish(subject, nil) })
	js, err := jetstream.New(linker, jetstream.WithDefaultTimeout(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Consumer(t.Context(), "EV_CONTACT", "partner-kund"); !errors.Is(err, jetstream.ErrConsumerNotFound) {
		t.Errorf("the consumer that is not needed any more: %v", err)
	}
}

func TestAPartnerThatWasAddedWhileNothingRanIsThereAfterTheStart(t *testing.T) {
	t.Parallel()
	place := opened(t)
	partner, err := connect.Ask("kund", nil, []string{af + "/case.closed"})
	if err != nil {
		t.Fatal(err)
	}
	given, err := place.Add(t.Context(), partner, time.Hour)
	if err != nil || given.Live {
		t.Fatalf("%v, live: %v", err, given.Live)
	}
	place.start(t)
	store(t, place.as(t, "case-linker"), "ev."+af+".case.3.case.closed.v1")
	nc, err := place.login(given.Seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	if got := reads(t, nc, given.Reads[0]); len(got) != 1 {
		t.Errorf("it reads %v", got)
	}
}
