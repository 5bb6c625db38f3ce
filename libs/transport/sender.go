package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// SealedQuestion is what a receiver asks at ask.<sender>.sealed.<receiver>: to
// give up a key of its own, and which events were sealed to it.
type SealedQuestion struct {
	KeyID string `json:"keyId"`
	Place int64  `json:"place"` // where the last page ended; 0 for the first
}

// SealedPage is the answer: ids of events, published or not.
type SealedPage struct {
	Events []uuid.UUID `json:"events"`
	Next   int64       `json:"next"` // place of the next page
	More   bool        `json:"more"`
}

const (
	pageSize     = 2000
	questionMost = 1 << 10         // bytes
	patience     = 5 * time.Second // for the transactions of before, and for an answer
)

// Sender answers for what a service has sealed.
type Sender struct {
	Service   string
	Receivers []string
	DB        *pgxpool.Pool // with the tables of libs/outbox
	NC        *nats.Conn
	Closed    func(keyID string) // hears of a key that is given up
}

// Answer answers receivers until ctx ends.
func (s *Sender) Answer(ctx context.Context) error {
	for _, receiver := range s.Receivers {
		err := bus.Answer(ctx, s.NC, subjectSealed(s.Service, receiver), s.Service, func(ctx context.Context, question []byte) ([]byte, error) {
			page, err := s.sealed(ctx, receiver, question)
			if err != nil {
				return nil, err
			}
			return json.Marshal(page)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Sender) sealed(ctx context.Context, receiver string, question []byte) (page SealedPage, err error) {
	q, err := parseQuestion(question)
	if err != nil {
		return page, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = outbox.Close(ctx, s.DB, receiver, q.KeyID)
	if errors.Is(err, outbox.ErrKeyNotYours) {
		return page, problem.New("forbidden")
	}
	s.Closed(q.KeyID)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return page, problem.Unavailable(time.Second) // a transaction of before runs on
	case err != nil:
		return page, err
	}
	page.Events, page.Next, page.More, err = outbox.Sealed(ctx, s.DB, receiver, q.KeyID, q.Place, pageSize)
	return page, err
}

func parseQuestion(raw []byte) (q SealedQuestion, err error) {
	if len(raw) > questionMost {
		return q, problem.New("too-large")
	}
	if err := strict.Decode(raw, &q); err != nil {
		return q, err
	}
	id, err := uuid.Parse(q.KeyID)
	if err != nil || id.String() != q.KeyID {
		return q, problem.OnField("invalid-field", "keyId")
	}
	if q.Place < 0 {
		return q, problem.OnField("invalid-field", "place")
	}
	return q, nil
}

// ask asks a sender for a page.
func (r *Receiver) ask(ctx context.Context, sender string, q SealedQuestion) (page SealedPage, err error) {
	if err := request(ctx, r.NC, subjectSealed(sender, r.Service), q, &page); err != nil {
		return page, fmt.Errorf("ask %s what it has sealed: %w", sender, err)
	}
	return page, nil
}

// request asks and reads the answer; a problem in the answer is an error.
func request(ctx context.Context, nc *nats.Conn, subject string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	m, err := nc.RequestMsgWithContext(ctx, bus.Question(ctx, subject, body))
	if err != nil {
		return err
	}
	if reason := m.Header.Get(bus.HeaderProblem); reason != "" {
		return errors.New("refused: " + reason)
	}
	return json.Unmarshal(m.Data, answer)
}
