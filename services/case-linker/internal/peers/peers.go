// Package peers seals content to other services' transport keys (D5). The newest key that a service gave is kept, so
// that nothing here stands still while that service is down.
package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/libs/seal"
	"gallra.se/services/case-linker/internal/store"
)

// The services that case-linker sends content to.
const (
	Intake     = "intake"
	Statistics = "statistics-pseudonymiser"
)

// fresh is how long (Pace) a key is used before it is asked for again.
const fresh = time.Minute

// Peers knows other services' public keys.
type Peers struct {
	nc *nats.Conn
	db DB

	mu   sync.Mutex
	keys map[string]kept
}

type kept struct {
	store.PeerKey
	askedAt time.Time
}

// DB is a pool with the tables of case-linker and the outbox.
type DB interface {
	store.DB
	pg.Beginner
}

// New makes Peers on a connection and the table of kept keys.
func New(nc *nats.Conn, db DB) *Peers { return &Peers{nc: nc, db: db, keys: map[string]kept{}} }

// Seal encrypts plain to a service and names the key. Without any key it is unavailable.
func (p *Peers) Seal(ctx context.Context, service string, aad, plain []byte) (sealed []byte, keyID string, err error) {
	k, err := p.key(ctx, service)
	if err != nil {
		return nil, "", err
	}
	sealed, err = seal.Seal(k.Public, aad, plain)
	if err != nil {
		return nil, "", fmt.Errorf("seal to %s: %w", service, err)
	}
	return sealed, k.KeyID, nil
}

func (p *Peers) key(ctx context.Context, service string) (store.PeerKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, known := p.keys[service]
	if known && clock.PaceNow().Sub(k.askedAt) < fresh {
		return k.PeerKey, nil
	}
	asked, err := p.ask(ctx, service)
	if err == nil {
		p.keys[service] = kept{asked, clock.PaceNow()}
		return asked, nil
	}
	if known {
		return k.PeerKey, nil
	}
	stored, found, err := store.FindPeerKey(ctx, p.db, service)
	if err != nil {
		return store.PeerKey{}, fmt.Errorf("read key of %s: %w", service, err)
	}
	if !found || outbox.BeginSealing(ctx, p.db, service, stored.KeyID) != nil {
		return store.PeerKey{}, problem.Unavailable(2 * time.Second)
	}
	return stored, nil
}

// Forget drops a key that is given up: the next box has another.
func (p *Peers) Forget(keyID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.keys, func(_ string, k kept) bool { return k.KeyID == keyID })
}

func (p *Peers) ask(ctx context.Context, service string) (store.PeerKey, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	m, err := p.nc.RequestWithContext(ctx, "ask."+service+".transportkey", nil)
	if err != nil {
		return store.PeerKey{}, err
	}
	var said struct {
		Public []byte `json:"public"`
		KeyID  string `json:"keyId"`
	}
	if err := json.Unmarshal(m.Data, &said); err != nil || len(said.Public) == 0 {
		return store.PeerKey{}, fmt.Errorf("%s gave no key", service)
	}
	if err := outbox.BeginSealing(ctx, p.db, service, said.KeyID); err != nil {
		return store.PeerKey{}, err
	}
	k := store.PeerKey{Service: service, KeyID: said.KeyID, Public: said.Public}
	return k, store.SavePeerKey(ctx, p.db, k)
}
