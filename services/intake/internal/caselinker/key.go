// Package caselinker knows how to seal a note, or who somebody is, so that only case-linker reads it.
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
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/seal"
)

const (
	subject  = "ask.case-linker.transportkey"
	patience = 3 * time.Second
	keepFor  = time.Minute // of Pace: retired keys still open for longer than that
	askAgain = 5 * time.Second
)

// Asker sends a request and waits for the reply: a NATS connection.
type Asker interface {
	RequestWithContext(ctx context.Context, subject string, data []byte) (*nats.Msg, error)
}

// Sealer seals to case-linker's transport key, which it keeps for a minute with the one encapsulation that all boxes of
// that minute share, unless case-linker gives the key up earlier.
type Sealer struct {
	NC Asker
	DB pg.Beginner // with the outbox, which notes each key before its first use

	mu    sync.Mutex
	key   key
	until time.Time
}

type key struct {
	id     string
	sealer *seal.Sealer
}

// Seal makes the event of a note, or fails when case-linker's key cannot be had.
func (s *Sealer) Seal(ctx context.Context, authority string, contact, note uuid.UUID, notedAt time.Time, text events.SealedNote) (events.ContactNoted, error) {
	box, keyID, err := s.box(ctx, events.NotedAAD(authority, note), text)
	if err != nil {
		return events.ContactNoted{}, fmt.Errorf("seal note: %w", err)
	}
	return events.ContactNoted{Contact: contact, Note: note, NotedAt: notedAt, Sealed: box, KeyID: keyID}, nil
}

// Identity seals whose contact it is, or fails when case-linker's key cannot be had.
func (s *Sealer) Identity(ctx context.Context, authority string, contact uuid.UUID, nationalID string) (box []byte, keyID string, err error) {
	box, keyID, err = s.box(ctx, events.RecordedAAD(authority, contact), events.SealedIdentity{NationalID: nationalID})
	if err != nil {
		return nil, "", fmt.Errorf("seal identity: %w", err)
	}
	return box, keyID, nil
}

func (s *Sealer) box(ctx context.Context, aad []byte, content any) (box []byte, keyID string, err error) {
	key, err := s.current(ctx)
	if err != nil {
		return nil, "", err
	}
	plain, err := json.Marshal(content)
	if err != nil {
		return nil, "", fmt.Errorf("encode: %w", err)
	}
	defer clear(plain)
	return key.sealer.Seal(aad, plain), key.id, nil
}

func (s *Sealer) current(ctx context.Context) (key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if clock.PaceNow().Before(s.until) {
		return s.key, nil
	}
	k, err := s.ask(ctx)
	switch {
	case err == nil:
		s.key, s.until = k, clock.PaceNow().Add(keepFor)
	case s.key.sealer == nil:
		return key{}, err
	default: // case-linker is away: its last key opens when it is back, and nobody waits here until then
		s.until = clock.PaceNow().Add(askAgain)
	}
	return s.key, nil
}

// Forget drops a key that is given up: the next box has another.
func (s *Sealer) Forget(keyID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key.id == keyID {
		s.key, s.until = key{}, time.Time{}
	}
}

func (s *Sealer) ask(ctx context.Context) (key, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := s.NC.RequestWithContext(ctx, subject, nil)
	if err != nil {
		return key{}, fmt.Errorf("ask case-linker for its transport key: %w", err)
	}
	var said struct {
		Public []byte `json:"public"`
		KeyID  string `json:"keyId"`
	}
	if err := json.Unmarshal(reply.Data, &said); err != nil || len(said.Public) == 0 || said.KeyID == "" {
		return key{}, fmt.Errorf("case-linker's answer is no transport key: %w", err)
	}
	if err := outbox.BeginSealing(ctx, s.DB, events.CaseLinker, said.KeyID); err != nil {
		return key{}, err
	}
	sealer, err := seal.NewSealer(said.Public)
	return key{said.KeyID, sealer}, err
}
