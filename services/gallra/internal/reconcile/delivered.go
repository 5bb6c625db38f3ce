package reconcile

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
)

// Delivery is what became of the events that one service has published, as far as its outbox remembers them, at one that
// reads its stream.
type Delivery struct {
	From, To        string
	Wanted, Missing int // events that the reader is there for; those of them that its inbox does not know
}

// page is how many events are compared at a time.
const page = 2000

// deliveries compares every outbox with every inbox, event by event.
func deliveries(ctx context.Context, nc *nats.Conn, reports []clock.Report) ([]Delivery, error) {
	producers, readers := map[string]bool{}, map[string]bool{}
	for _, r := range reports {
		producers[r.Service] = publishes[r.Service]
		readers[r.Service] = len(r.Positions) > 0
	}
	var out []Delivery
	for from, publishes := range producers {
		if !publishes {
			continue
		}
		some, err := deliveriesOf(ctx, nc, from, readers)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// publishes are the services that have an outbox.
var publishes = map[string]bool{"intake": true, "case-linker": true, "retention-timer": true, "disclosure": true, "ledger": true}

func deliveriesOf(ctx context.Context, nc *nats.Conn, from string, readers map[string]bool) ([]Delivery, error) {
	sums := map[string]Delivery{}
	for after := int64(0); ; {
		var said outbox.PublishedSaid
		if err := ask(ctx, nc, outbox.SubjectPublished(from), outbox.PublishedAsk{After: after, Limit: page}, &said); err != nil {
			return nil, err
		}
		if len(said.Events) == 0 {
			break
		}
		after = said.Last
		heard := bus.Heard{Stream: said.Stream}
		for _, e := range said.Events {
			heard.Events = append(heard.Events, bus.HeardEvent(e))
		}
		for to, reads := range readers {
			if !reads {
				continue
			}
			var m bus.HeardSaid
			if err := ask(ctx, nc, bus.SubjectMissing(to), heard, &m); err != nil {
				return nil, err
			}
			d := sums[to]
			sums[to] = Delivery{From: from, To: to, Wanted: d.Wanted + m.Wanted, Missing: d.Missing + m.Missing}
		}
	}
	var out []Delivery
	for _, d := range sums {
		if d.Wanted > 0 {
			out = append(out, d)
		}
	}
	return out, nil
}

func ask(ctx context.Context, nc *nats.Conn, subject string, question, answer any) error {
	data, err := json.Marshal(question)
	if err != nil {
		return err
	}
	return asked(ctx, nc, subject, data, answer)
}

func delivered(d Delivery) Finding {
	return Finding{d.To + " knows every event of " + d.From + " that it is there for", d.Missing == 0,
		fmt.Sprintf("%d of %d are missing", d.Missing, d.Wanted)}
}
