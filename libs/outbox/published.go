package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Published is one event that was sent, as far as whoever reconciles needs it.
type Published struct {
	Event uuid.UUID `json:"event"`
	Type  string    `json:"type"`
}

// PublishedAsk asks for rows of the outbox after one, at most Limit of them; PublishedSaid has the last row's number.
type (
	PublishedAsk struct {
		After int64 `json:"after"`
		Limit int   `json:"limit"`
	}
	PublishedSaid struct {
		Stream string      `json:"stream"`
		Last   int64       `json:"last"`
		Events []Published `json:"events"`
	}
)

// SubjectPublished is asked by whoever reconciles.
func SubjectPublished(service string) string { return "ask." + service + ".published" }

const mostPublished = 5000

// answerPublished tells what was sent and is still kept.
func (r *Relay) answerPublished(ctx context.Context) error {
	service := r.box.cfg.Service
	return bus.Answer(ctx, r.nc, SubjectPublished(service), service, func(ctx context.Context, question []byte) ([]byte, error) {
		var ask PublishedAsk
		if err := strict.Decode(question, &ask); err != nil {
			return nil, err
		}
		if ask.Limit < 1 || ask.Limit > mostPublished {
			return nil, problem.OnField("invalid-field", "limit")
		}
		said, err := r.sentAfter(ctx, ask)
		if err != nil {
			return nil, err
		}
		return json.Marshal(said)
	})
}

func (r *Relay) sentAfter(ctx context.Context, ask PublishedAsk) (said PublishedSaid, err error) {
	said = PublishedSaid{Stream: r.box.cfg.Stream, Last: ask.After, Events: []Published{}}
	rows, err := r.pool.Query(ctx, `SELECT id, event, subject FROM outbox WHERE id > $1 AND sent_at IS NOT NULL ORDER BY id LIMIT $2`, ask.After, ask.Limit)
	if err != nil {
		return said, fmt.Errorf("list what was sent: %w", err)
	}
	var subject string
	var p Published
	_, err = pgx.ForEachRow(rows, []any{&said.Last, &p.Event, &subject}, func() error {
		// ev.<authority>.<context>.<p>.<entity>.<event>.v<N>
		if parts := strings.SplitN(subject, ".", 5); len(parts) == 5 {
			p.Type = TypePrefix + parts[4]
			said.Events = append(said.Events, p)
		}
		return nil
	})
	return said, err
}
