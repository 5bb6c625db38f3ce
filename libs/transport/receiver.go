package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
)

// Receiver looks after the transport keys of one service.
type Receiver struct {
	Service   string
	Senders   []string // services that seal to this one
	Receivers []string // services that this one seals to
	Keys      *keyring.Ring
	DB        *pgxpool.Pool // with the tables of libs/bus
	NC        *nats.Conn
	Business  clock.Business
	// AAD is what the box of an event that this service reads is bound to; ok is
	// false for events that hold none.
	AAD func(ev bus.Event) (aad []byte, ok bool)
	Log *slog.Logger

	once   sync.Once
	wake   chan struct{}
	mu     sync.Mutex
	urgent map[string]bool // keys that are to go without delay
	places map[asked]int64 // how far each sender's events have been seen
	looked time.Time       // when a sweep last looked (Pace)
}

type asked struct{ sender, keyID string }

const (
	// Overdue is how long (Pace) a retired key may wait for what is sealed to it.
	Overdue = 48 * time.Hour
	// lookEvery is how often (Pace) keys that nobody waits for are looked after.
	lookEvery = 10 * time.Second
	// grace is how long (Pace, real clock) senders may go on with a retired key of
	// which they have not heard: longer than they keep one without asking again.
	grace = 2 * time.Minute
	// sweepEvery bounds how often (Pace) sweeps look: simulated days take no time.
	sweepEvery = 5 * time.Second
)

// PublicKey is the answer to ask.<receiver>.transportkey.
type PublicKey struct {
	Public []byte `json:"public"`
	KeyID  string `json:"keyId"`
}

// Answer answers senders until ctx ends: the key to seal to, and, for one that
// erases something, whether the keys that it has sealed to are gone.
func (r *Receiver) Answer(ctx context.Context) error {
	err := bus.Answer(ctx, r.NC, "ask."+r.Service+".transportkey", r.Service, func(ctx context.Context, _ []byte) ([]byte, error) {
		public, id, err := r.Keys.TransportKey(ctx, r.Business.Now())
		if err != nil {
			return nil, err
		}
		return json.Marshal(PublicKey{Public: public, KeyID: id})
	})
	for _, sender := range r.Senders {
		if err == nil {
			err = bus.Answer(ctx, r.NC, subjectRetire(r.Service, sender), r.Service, r.answerRetire)
		}
	}
	return err
}

// Run retires, settles and destroys keys until ctx ends, whose error it returns.
// Faults are logged and tried again.
func (r *Receiver) Run(ctx context.Context) error {
	turn := clock.Ticker(lookEvery)
	defer turn.Stop()
	pause, said := shortest, ""
	for {
		var again <-chan time.Time
		if r.waiting() {
			again = clock.After(pause)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.signal():
			pause = shortest
		case <-again:
			pause = min(2*pause, longest)
		case <-turn.C:
			if _, err := r.Keys.RetireAged(ctx, r.Business.Now()); err != nil && ctx.Err() == nil {
				r.Log.WarnContext(ctx, "transport keys not looked at", "error", err.Error())
			}
		}
		said = r.tell(ctx, r.round(ctx), said)
	}
}

// tell logs a fault once, however long it lasts, and returns what it is.
func (r *Receiver) tell(ctx context.Context, fault error, before string) string {
	if fault == nil || ctx.Err() != nil {
		return ""
	}
	if now := fault.Error(); now != before {
		r.Log.WarnContext(ctx, "transport keys not settled", "error", now)
	}
	return fault.Error()
}

// How often (Pace) what somebody waits for is looked after.
const (
	shortest = 10 * time.Millisecond
	longest  = 5 * time.Second
)

// round settles what can be settled, and destroys it.
func (r *Receiver) round(ctx context.Context) error {
	before := r.hurried()
	keys, err := r.Keys.RetiredTransportKeys(ctx)
	if err != nil {
		return err
	}
	r.forgetGone(before, keys)
	var settled []string
	var left error
	for _, k := range keys {
		if !k.Settled && !r.ripe(k) {
			continue
		}
		over, err := r.settle(ctx, k)
		if err != nil {
			left = err // another key may be settled nevertheless
		}
		if over {
			settled = append(settled, k.ID)
		}
	}
	if err := r.end(ctx, settled); err != nil {
		return err
	}
	return left
}

func (r *Receiver) end(ctx context.Context, settled []string) error {
	if len(settled) == 0 {
		return nil
	}
	if err := r.Keys.End(ctx, keyring.Ending{TransportKeys: settled}); err != nil {
		return err
	}
	fault.Point("transport.destroyed")
	return nil
}

// ripe says that a retired key is to be settled now.
func (r *Receiver) ripe(k keyring.RetiredKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.urgent[k.ID] || r.Business.Simulated() || clock.PaceNow().Sub(k.RetiredAt) >= grace
}

func subjectRetire(receiver, sender string) string {
	return fmt.Sprintf("ask.%s.retire.%s", receiver, sender)
}

func subjectSealed(sender, receiver string) string {
	return fmt.Sprintf("ask.%s.sealed.%s", sender, receiver)
}
