package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Heard asks a consumer about events of a stream that a producer says it has sent.
type Heard struct {
	Stream string       `json:"stream"`
	Events []HeardEvent `json:"events"`
}

// HeardEvent is one of them.
type HeardEvent struct {
	Event uuid.UUID `json:"event"`
	Type  string    `json:"type"`
}

// HeardSaid is the answer: how many of them the consumer is there for, and how many of these its inbox does not know.
type HeardSaid struct {
	Wanted  int `json:"wanted"`
	Missing int `json:"missing"`
}

// SubjectMissing is asked by whoever reconciles.
func SubjectMissing(service string) string { return "ask." + service + ".missing" }

// MostHeard is how many events a question may name.
const MostHeard = 5000

func (c *Consumer) answerMissing(ctx context.Context) error {
	return Answer(ctx, c.cfg.NC, SubjectMissing(c.cfg.Service), c.cfg.Service, func(ctx context.Context, question []byte) ([]byte, error) {
		var said Heard
		if err := strict.Decode(question, &said); err != nil {
			return nil, err
		}
		if len(said.Events) > MostHeard {
			return nil, problem.OnField("invalid-field", "events")
		}
		m, err := c.missing(ctx, said)
		if err != nil {
			return nil, err
		}
		return json.Marshal(m)
	})
}

// missing looks for events that are neither applied nor parked: the inbox knows both.
func (c *Consumer) missing(ctx context.Context, said Heard) (m HeardSaid, err error) {
	if !slices.Contains(c.cfg.Streams, said.Stream) {
		return m, nil
	}
	var wanted []uuid.UUID
	for _, e := range said.Events {
		if c.cfg.Handlers[e.Type] != nil {
			wanted = append(wanted, e.Event)
		}
	}
	m.Wanted = len(wanted)
	err = c.cfg.DB.QueryRow(ctx, `SELECT count(*) FROM unnest($1::uuid[]) AS w (event) WHERE NOT EXISTS (SELECT FROM bus_inbox AS i WHERE i.event = w.event)`,
		wanted).Scan(&m.Missing)
	if err != nil {
		return m, fmt.Errorf("look for events in the inbox: %w", err)
	}
	return m, nil
}
