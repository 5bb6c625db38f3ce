package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/restored"
)

// TestARestoredServiceHearsEverythingThatWasDestroyedOrDelivered pages through the log, and asks what must not be answered.
func TestARestoredServiceHearsEverythingThatWasDestroyedOrDelivered(t *testing.T) {
	t.Parallel()
	s := start(t)
	gone := disposed("AFC-10", 3)
	gone.Units[0].Audience = events.AudienceProtected
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, gone)
	s.awaitSigned(3)
	delivered := events.DisclosureDelivered{Disclosure: uuid.New(), Recipient: "SE-KFM", Fields: []string{"name"}, Decision: events.DecisionReleased, Rule: "AFG-47"}
	s.send(uuid.New(), "disclosure", af, events.TypeDisclosureDelivered, delivered)
	s.awaitSigned(4)
	var first, rest, beyond restored.Answer
	s.asks(`{"from":0,"limit":3}`, &first)
	s.asks(`{"from":3,"limit":1000}`, &rest)
	s.asks(`{"from":4,"limit":1000}`, &beyond)
	if first.Size != 4 || len(first.Words) != 3 || len(rest.Words) != 1 || beyond.Size != 4 || len(beyond.Words) != 0 {
		t.Fatalf("%+v %+v %+v", first, rest, beyond)
	}
	for i, w := range first.Words {
		if w.Index != int64(i) || w.Kind != "disposed" || w.Authority != af || w.Rule != "AFC-10" || len(w.Commitment) == 0 || w.DueOn == "" || w.DoneAt.IsZero() {
			t.Errorf("%+v", w)
		}
		hidden := slices.ContainsFunc(gone.Units[0].Records, func(r events.DisposedRecord) bool { return r.Record == w.Record })
		if w.Protected != hidden {
			t.Errorf("%s is for appointed officers alone: %v", w.Record, w.Protected)
		}
	}
	if w := rest.Words[0]; w.Record != delivered.Disclosure || w.Kind != "delivered" || w.DoneAt.IsZero() || w.Index != 3 {
		t.Errorf("%+v", w)
	}
	for _, wrong := range []string{``, `[]`, `{`, `{"from":-1,"limit":1}`, `{"from":0}`, `{"from":0,"limit":0}`, fmt.Sprintf(`{"from":0,"limit":%d}`, restored.Most+1),
		`{"from":0,"limit":1,"authority":"x"}`, `{"from":"0","limit":1}`} {
		reply, err := s.nc.Request("ask.ledger.disposals", []byte(wrong), 5*time.Second)
		if err != nil || reply.Header.Get(bus.HeaderProblem) == "" {
			t.Errorf("%s is answered: %v", wrong, err)
		}
	}
}

func (s *system) asks(question string, into *restored.Answer) {
	s.t.Helper()
	var asked restored.Asked
	if _, err := fmt.Sscanf(question, `{"from":%d,"limit":%d}`, &asked.From, &asked.Limit); err != nil {
		s.t.Fatal(err)
	}
	said, err := restored.Over(s.nc, "ask.ledger.disposals", bus.HeaderProblem)(s.t.Context(), asked)
	if err != nil {
		s.t.Fatal(err)
	}
	*into = said
}
