// Package caselinker asks the holder of persons, over NATS request-reply: nothing of the answer is kept.
package caselinker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
)

const (
	subjectResolve = "ask.case-linker.resolve"
	subjectFields  = "ask.case-linker.disclose"
	timeout        = 10 * time.Second
)

// ErrNoData: no such person, or not any more. Callers answer both alike.
var ErrNoData = errors.New("no data")

// ErrSilent: case-linker did not answer; ask again later.
var ErrSilent = errors.New("case-linker does not answer")

// Asker asks case-linker.
type Asker struct{ nc *nats.Conn }

// New makes an Asker on a connection.
func New(nc *nats.Conn) *Asker { return &Asker{nc} }

// Found is somebody about whom a recipient may hear, or may not for now.
type Found struct {
	Person    uuid.UUID
	Protected bool
	Held      bool     // nothing was agreed with a protected person: for the recipient there is nobody
	Fields    []string // those that may go out
}

// Resolve finds the person that a number stands for at an authority, and what of the fields a recipient may have.
func (a *Asker) Resolve(ctx context.Context, authority, nationalID, recipient string, fields []string) (Found, error) {
	var reply struct {
		Person, Held *uuid.UUID
		Found        bool
		Protected    bool
		Fields       []string
	}
	ask := map[string]any{"authority": authority, "nationalId": nationalID, "recipient": recipient, "fields": fields}
	if err := a.ask(ctx, subjectResolve, ask, &reply); err != nil {
		return Found{}, err
	}
	switch {
	case reply.Held != nil:
		return Found{Person: *reply.Held, Protected: true, Held: true}, nil
	case !reply.Found || reply.Person == nil:
		return Found{}, ErrNoData
	case reply.Protected:
		return Found{Person: *reply.Person, Protected: true, Fields: reply.Fields}, nil
	}
	return Found{Person: *reply.Person, Fields: fields}, nil
}

// Fields fetches what is known now of the named fields, as far as the recipient may have them now.
func (a *Asker) Fields(ctx context.Context, authority, recipient string, person uuid.UUID, names []string) (map[string]json.RawMessage, error) {
	var reply struct {
		Fields map[string]json.RawMessage
		Found  *bool
	}
	ask := map[string]any{"authority": authority, "recipient": recipient, "person": person, "fields": names}
	if err := a.ask(ctx, subjectFields, ask, &reply); err != nil {
		return nil, err
	}
	if reply.Fields == nil || reply.Found != nil && !*reply.Found {
		return nil, ErrNoData
	}
	return reply.Fields, nil
}

func (a *Asker) ask(ctx context.Context, subject string, question, reply any) error {
	data, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("encode question: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	m, err := a.nc.RequestMsgWithContext(ctx, bus.Question(ctx, subject, data))
	if err != nil {
		return fmt.Errorf("ask %s: %w: %w", subject, ErrSilent, err)
	}
	if err := refusal(subject, m.Data); err != nil {
		return err
	}
	if json.Unmarshal(m.Data, reply) != nil {
		return fmt.Errorf("ask %s: the reply is not what was promised", subject)
	}
	return nil
}

// refusal reads a problem document; the reasons that mean "nobody" become ErrNoData.
func refusal(subject string, data []byte) error {
	var p problem.Problem
	if json.Unmarshal(data, &p) != nil || p.Reason == "" {
		return nil
	}
	if slices.Contains([]string{"unknown-person", "not-found", "gone"}, p.Reason) {
		return ErrNoData
	}
	return fmt.Errorf("ask %s: answered %s", subject, p.Reason)
}
