package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/problem"
)

// How many requests of one subject are worked on at a time, and how many more may
// wait for that: what comes beyond is told to come again, so that an instance's memory
// has a bound however many ask.
const (
	answersAtOnce = 32
	mayWait       = 256
	comeAgain     = time.Second
)

// Respond answers requests on a subject in a queue group until ctx ends, each
// within a minute. The reply may carry headers. Whoever is one too many gets the
// problem `unavailable` with the header Retry-After.
func Respond(ctx context.Context, nc *nats.Conn, subject, queue string, f func(ctx context.Context, m *nats.Msg) *nats.Msg) error {
	slots, room := make(chan struct{}, answersAtOnce), make(chan struct{}, answersAtOnce+mayWait)
	sub, err := nc.QueueSubscribe(subject, queue, func(m *nats.Msg) {
		select {
		case room <- struct{}{}:
		default:
			_ = m.RespondMsg(ProblemReply(problem.Unavailable(comeAgain)))
			return
		}
		go func() {
			defer func() { <-room }()
			slots <- struct{}{}
			defer func() { <-slots }()
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			_ = m.RespondMsg(followed(ctx, m, subject, f))
		}()
	})
	if err != nil {
		return fmt.Errorf("answer %s: %w", subject, err)
	}
	context.AfterFunc(ctx, func() { _ = sub.Drain() })
	return nil
}

// Answer is Respond for plain JSON: an error becomes the problem document that
// HTTP would give, with the header Gallra-Problem.
func Answer(ctx context.Context, nc *nats.Conn, subject, queue string, f func(ctx context.Context, data []byte) ([]byte, error)) error {
	return Respond(ctx, nc, subject, queue, func(ctx context.Context, m *nats.Msg) *nats.Msg {
		data, err := f(ctx, m.Data)
		if err != nil {
			return ProblemReply(problem.From(err))
		}
		return &nats.Msg{Data: data}
	})
}

// ProblemReply is the problem document as HTTP would give it, marked as one.
func ProblemReply(p problem.Problem) *nats.Msg {
	reply := nats.NewMsg("")
	reply.Header.Set(HeaderProblem, p.Reason)
	if p.RetryAfter > 0 {
		reply.Header.Set("Retry-After", p.RetrySeconds())
	}
	reply.Data = p.JSON()
	return reply
}

// HeaderProblem marks a reply that is a problem document.
const HeaderProblem = "Gallra-Problem"
