package bus_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
)

// TestWhatAnOutboxSentAndAnInboxDoesNotKnowIsFound loses an event on the way, as a stream that forgot one would.
func TestWhatAnOutboxSentAndAnInboxDoesNotKnowIsFound(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.must(w.say("a", "b", "c"))
	w.relay()
	w.consume(record)
	w.until("all is applied", func() bool { return w.appliedCount() == 3 })
	var first, second outbox.PublishedSaid
	w.until("all is marked as sent", func() bool {
		return w.count(w.producer, `SELECT count(*) FROM outbox WHERE sent_at IS NULL`) == 0
	})
	w.must(json.Unmarshal(w.asked(outbox.SubjectPublished("intake"), `{"after":0,"limit":2}`), &first))
	w.must(json.Unmarshal(w.asked(outbox.SubjectPublished("intake"), `{"after":`+string(encoded(t, first.Last))+`,"limit":2}`), &second))
	if len(first.Events) != 2 || len(second.Events) != 1 || !strings.HasPrefix(first.Events[0].Type, outbox.TypePrefix) {
		t.Fatalf("%+v %+v", first, second)
	}
	heard := bus.Heard{Stream: first.Stream}
	for _, e := range append(first.Events, second.Events...) {
		heard.Events = append(heard.Events, bus.HeardEvent(e))
	}
	if said := w.missing(heard); said != (bus.HeardSaid{Wanted: 3}) {
		t.Errorf("%+v", said)
	}
	w.exec(w.consumer, `DELETE FROM bus_inbox WHERE event = (SELECT event FROM bus_inbox ORDER BY n LIMIT 1)`)
	if said := w.missing(heard); said != (bus.HeardSaid{Wanted: 3, Missing: 1}) {
		t.Errorf("a lost event is not found: %+v", said)
	}
	heard.Events[0].Type = "se.gallra.nothing.heard.v1"
	if said := w.missing(heard); said.Wanted != 2 {
		t.Errorf("an event that nobody handles is wanted: %+v", said)
	}
	heard.Stream = "EV_ELSEWHERE"
	if said := w.missing(heard); said != (bus.HeardSaid{}) {
		t.Errorf("a stream that nobody reads is: %+v", said)
	}
	many := `{"stream":"x","events":[` + strings.TrimSuffix(strings.Repeat(`{"event":"00000000-0000-0000-0000-000000000001","type":""},`, bus.MostHeard+1), ",") + `]}`
	for subject, questions := range map[string][]string{
		outbox.SubjectPublished("intake"): {``, `[]`, `{"after":0}`, `{"after":0,"limit":0}`, `{"after":0,"limit":5001}`, `{"after":"0","limit":1}`, `{"after":0,"limit":1,"more":1}`},
		bus.SubjectMissing("case-linker"): {``, `{`, `{"events":[{"event":"x"}]}`, `{"stream":7}`, `{"more":1}`, many},
	} {
		for _, question := range questions {
			reply, err := w.nc.RequestWithContext(w.ctx, subject, []byte(question))
			w.must(err)
			if reply.Header.Get(bus.HeaderProblem) == "" {
				t.Errorf("%s: %.60s is answered %.60s", subject, question, reply.Data)
			}
		}
	}
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (w *world) asked(subject, question string) []byte {
	w.t.Helper()
	reply, err := w.nc.RequestWithContext(w.ctx, subject, []byte(question))
	w.must(err)
	if refused := reply.Header.Get(bus.HeaderProblem); refused != "" {
		w.t.Fatalf("%s: %s", subject, refused)
	}
	return reply.Data
}

func (w *world) missing(heard bus.Heard) (said bus.HeardSaid) {
	w.t.Helper()
	w.must(json.Unmarshal(w.asked(bus.SubjectMissing("case-linker"), string(encoded(w.t, heard))), &said))
	return said
}
