// Package caselinker knows how to seal a note so that only case-linker reads it.
package caselinker

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/seal"
)

const (
	subject  = "ask.case-linker.transportkey"
	patience = 3 * time.Second
	keepFor  = time.Minute // of Pace: retired keys still open for longer than that
)

// Asker sends a request and waits for the reply: a NATS connection.
type Asker interface {
	RequestWithContext(ctx context.Context, subject string, data []byte) (*nats.Msg, error)
}

// Sealer seals notes to case-linker's transport key, which it keeps for a minute.
type Sealer struct {
	NC Asker

	mu    sync.Mutex
	key   key
	until time.Time
}

type key struct {
	Public []byte `json:"public"`
	KeyID  string `json:"keyId"`
}

// Seal makes the event of a note, or fails when case-linker's key cannot be had.
func (s *Sealer) Seal(ctx context.Context, authority string, contact, note uuid.UUID, notedAt time.Time, text events.SealedNote) (events.ContactNoted, error) {
	key, err := s.current(ctx)
	if err != nil {
		return events.ContactNoted{}, err
	}
	plain, err := json.Marshal(text)
	if err != nil {
		return events.ContactNoted{}, fmt.Errorf("encode note: %w", err)
	}
	defer clear(plain)
	box, err := seal.Seal(key.Public, events.NotedAAD(authority, note), plain)
	if err != nil {
		s.forget()
		return events.ContactNoted{}, fmt.Errorf("seal note: %w", err)
	}
	return events.ContactNoted{Contact: contact, Note: note, NotedAt: notedAt, Sealed: box, KeyID: key.KeyID}, nil
}

func (s *Sealer) current(ctx context.Context) (key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if clock.PaceNow().Before(s.until) {
		return s.key, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := s.NC.RequestWithContext(ctx, subject, nil)
	if err != nil {
		return key{}, fmt.Errorf("ask case-linker for its transport key: %w", err)
	}
	var k key
	if err := json.Unmarshal(reply.Data, &k); err != nil || len(k.Public) == 0 || k.KeyID == "" {
		return key{}, fmt.Errorf("case-linker's answer is no transport key: %w", err)
	}
	s.key, s.until = k, clock.PaceNow().Add(keepFor)
	return k, nil
}

func (s *Sealer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = time.Time{}
}
