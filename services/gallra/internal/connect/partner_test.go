package connect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/credentials"
)

func TestAPartnerReadsTheEventsThatItWasGivenAndGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	place := started(t)
	linker, intake := place.as(t, "case-linker"), place.as(t, "intake")
	store(t, linker,
		"ev."+af+".case.3.case.closed.v1", "ev."+af+".case.3.case.opened.v1", "ev."+te+".case.3.case.closed.v1", "ev."+af+".case.9.record.disposed.v1")
	given, nc := place.add(t, "kund", nil, []string{af + "/case.closed", af + "/record.disposed"})
	if len(given.Reads) != 2 {
		t.Fatalf("reads by %+v", given.Reads)
	}
	fromCase, fromContact := given.Reads[0], given.Reads[1]
	if fromCase.Stream != "EV_CASE" {
		fromCase, fromContact = fromContact, fromCase
	}
	want := []string{"ev." + af + ".case.3.case.closed.v1", "ev." + af + ".case.9.record.disposed.v1"}
	if got := reads(t, nc, fromCase); !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	store(t, intake, "ev."+af+".contact.1.record.disposed.v1", "ev."+af+".contact.1.contact.recorded.v1")
	if got := reads(t, nc, fromContact); !slices.Equal(got, []string{"ev." + af + ".contact.1.record.disposed.v1"}) {
		t.Errorf("of the other stream: %v", got)
	}
	nc.Close()
	store(t, linker, "ev."+af+".case.4.case.closed.v1")
	again, err := place.login(given.Seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(again.Close)
	if got := reads(t, again, fromCase); !slices.Equal(got, []string{"ev." + af + ".case.4.case.closed.v1"}) {
		t.Errorf("after a pause: %v", got)
	}
}

func TestAPartnerHandsInTheKindsThatItWasGiven(t *testing.T) {
	t.Parallel()
	place := started(t)
	intake := place.as(t, "intake")
	if _, err := intake.QueueSubscribe("in.*.contact", "intake", func(m *nats.Msg) { _ = m.Respond([]byte("answer to " + m.Subject)) }); err != nil {
		t.Fatal(err)
	}
	if err := intake.Flush(); err != nil {
		t.Fatal(err)
	}
	_, nc := place.add(t, "kund", []string{af + "/contact"}, nil)
	answer, err := nc.Request("in."+af+".contact", []byte("{}"), 5*time.Second)
	if err != nil || string(answer.Data) != "answer to in."+af+".contact" {
		t.Errorf("own kind: %v %v", err, answer)
	}
	for _, subject := range []string{"in." + te + ".contact", "in." + af + ".case", "in." + af + ".person", "in.unknown.contact"} {
		denied(t, nc, subject, func() error { return nc.Publish(subject, []byte("{}")) })
	}
}

func TestAPartnerReachesNothingElse(t *testing.T) {
	t.Parallel()
	place := started(t)
	store(t, place.as(t, "case-linker"), "ev."+af+".case.3.case.closed.v1")
	_, one := place.add(t, "one", []string{af + "/contact"}, []string{af + "/case.closed"})
	two, _ := place.add(t, "two", nil, []string{te + "/case.closed", te + "/hold.placed"})
	for _, subject := range []string{
		"ev." + af + ".case.3.case.closed.v1", "ask.case-linker.resolve", "clock.moved", "node.report", "sim.stop.intake",
		"$JS.API.INFO", "$JS.API.STREAM.INFO.EV_CASE", "$JS.API.STREAM.LIST", "$JS.API.STREAM.MSG.GET.EV_CASE", "$JS.API.DIRECT.GET.EV_CASE",
		"$JS.API.CONSUMER.CREATE.EV_CASE.mine.ev." + af + ".case.*.case.closed.v1",
		"$JS.gallra.API.STREAM.INFO.EV_CASE", "$JS.gallra.API.STREAM.MSG.GET.EV_CASE", "$JS.gallra.API.CONSUMER.LIST.EV_CASE",
		"$JS.gallra.API.CONSUMER.CREATE.EV_CASE.partner-one", "$JS.gallra.API.CONSUMER.CREATE.EV_CASE.partner-one.ev.>",
		"$JS.gallra.API.CONSUMER.DELETE.EV_CASE.partner-one", "$JS.gallra.API.CONSUMER.RESET.EV_CASE.partner-one",
		"$JS.gallra.API.CONSUMER.INFO.EV_CASE.partner-two", "$JS.gallra.API.CONSUMER.MSG.NEXT.EV_CASE.partner-two",
		"$JS.gallra.API.CONSUMER.MSG.NEXT.EV_RETENTION.partner-two", "$JS.gallra.API.CONSUMER.MSG.NEXT.EV_CONTACT.partner-one",
		"$JS.ACK.EV_CASE.partner-two.1.1.1.1.1", "$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.INFO", "_INBOX.somebody", two.User().Name,
	} {
		denied(t, one, subject, func() error { return one.PublishRequest(subject, one.NewRespInbox(), nil) })
	}
	for _, subject := range []string{">", "ev.>", "in.>", "ask.>", "$JS.>", "$SYS.>", credentials.InboxPrefix("partner-two") + ".>", credentials.InboxPrefix("intake") + ".>"} {
		denied(t, one, subject, func() error { _, err := one.SubscribeSync(subject); return err })
	}
}

func TestAPartnerHearsNoOtherPartnersAnswers(t *testing.T) {
	t.Parallel()
	place := started(t)
	store(t, place.as(t, "case-linker"), "ev."+af+".case.3.case.closed.v1")
	given, reader := place.add(t, "reader", nil, []string{af + "/case.closed"})
	_, curious := place.add(t, "curious", nil, []string{af + "/case.closed"})
	heard, err := curious.SubscribeSync("_INBOX.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := curious.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := reads(t, reader, given.Reads[0]); len(got) != 1 {
		t.Fatalf("the reader itself got %v", got)
	}
	if m, err := heard.NextMsg(300 * time.Millisecond); err == nil {
		t.Errorf("the other partner heard %s", m.Subject)
	}
}

// An answer comes back to who asked, whatever it named as the place for it.
func TestNoServicePublishesForAPartnerThatAsksItTo(t *testing.T) {
	t.Parallel()
	place := started(t)
	intake, coordinator := place.as(t, "intake"), place.as(t, "coordinator")
	asked := make(chan struct{}, 1)
	if _, err := intake.QueueSubscribe("in.*.contact", "intake", func(m *nats.Msg) { _ = m.Respond([]byte("answer")); asked <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	heard, err := coordinator.SubscribeSync("node.hello")
	if err != nil {
		t.Fatal(err)
	}
	for _, nc := range []*nats.Conn{intake, coordinator} {
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	_, partner := place.add(t, "kund", []string{af + "/contact"}, nil)
	if err := partner.PublishRequest("in."+af+".contact", "node.hello", nil); err != nil {
		t.Fatal(err)
	}
	<-asked
	if m, err := heard.NextMsg(300 * time.Millisecond); err == nil {
		t.Errorf("the coordinator heard %s", m.Data)
	}
}
