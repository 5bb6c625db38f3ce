package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/client"
)

// NATS hands lines in by request and reply on core NATS, never by a stream.
type NATS struct {
	Conn *nats.Conn
	// Authorities are those that have subjects of their own; a line of any other goes
	// where unroutable lines go.
	Authorities []string
	Patience    *client.Patience
}

func (s NATS) Send(ctx context.Context, line Line) (Verdict, error) {
	subject := s.subject(line)
	answer, err := s.Patience.Insist(ctx, func() (client.Answer, error) {
		reply, err := s.request(ctx, subject, line.Raw)
		if err != nil {
			return client.Answer{}, fmt.Errorf("hand in line %d on %s: %w", line.Number, subject, err)
		}
		return answerOf(reply), nil
	})
	if err != nil {
		return Verdict{}, err
	}
	return verdictOf(answer)
}

func (s NATS) subject(line Line) string {
	for _, authority := range s.Authorities {
		if line.Authority == authority {
			return "in." + authority + "." + map[Route]string{Contacts: "contact", Persons: "person", Cases: "case"}[line.Route()]
		}
	}
	return "in.unknown.contact"
}

// replyWithin is far above what a line takes; who took it and died will never reply.
const replyWithin = 20 * time.Second

func (s NATS) request(ctx context.Context, subject string, body []byte) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, replyWithin)
	defer cancel()
	return s.Conn.RequestWithContext(ctx, subject, body)
}

// answerOf reads a reply as the HTTP answer that it mirrors: a problem document tells
// its own status.
func answerOf(reply *nats.Msg) client.Answer {
	answer := client.Answer{Status: http.StatusCreated, Header: http.Header{}, Body: reply.Data}
	for name, values := range reply.Header {
		for _, value := range values {
			answer.Header.Add(name, value)
		}
	}
	var problem struct {
		Status int    `json:"status"`
		Reason string `json:"reason"`
	}
	if json.Unmarshal(reply.Data, &problem) == nil && problem.Reason != "" && problem.Status >= 400 {
		answer.Status = problem.Status
	}
	return answer
}
