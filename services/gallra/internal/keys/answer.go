package keys

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// SubjectStatus is where a holder says how its keyring stands; the request is empty.
func SubjectStatus(holder string) string { return "ask." + holder + ".keys" }

// SubjectRotate is where a holder replaces keys: an Order, answered with Rotated.
func SubjectRotate(holder string) string { return "ask." + holder + ".rotatekeys" }

// Order says which keys are replaced besides the root key and the transport key.
type Order struct {
	Index bool `json:"index"` // those of the look-ups too
}

// Rotated is what a holder has done. Again, it does it again.
type Rotated struct {
	From  int64 `json:"from"`  // generation before
	To    int64 `json:"to"`    // generation now
	Index bool  `json:"index"` // the look-ups have other keys
}

// longestOrder bounds a request's body.
const longestOrder = 1 << 10

// Answer lets one instance of a holder answer until ctx ends.
func Answer(ctx context.Context, nc *nats.Conn, holder string, ring *keyring.Ring) error {
	err := bus.Answer(ctx, nc, SubjectStatus(holder), holder, func(ctx context.Context, _ []byte) ([]byte, error) {
		status, err := ring.Status(ctx, clock.PaceNow())
		if err != nil {
			return nil, fmt.Errorf("look at keyring: %w", err)
		}
		return json.Marshal(status)
	})
	if err != nil {
		return err
	}
	return bus.Answer(ctx, nc, SubjectRotate(holder), holder, func(ctx context.Context, body []byte) ([]byte, error) {
		if len(body) > longestOrder {
			return nil, problem.New("too-large")
		}
		var order Order
		if err := strict.Decode(body, &order); err != nil {
			return nil, err
		}
		done, err := rotate(ctx, ring, order)
		if err != nil {
			return nil, err
		}
		return json.Marshal(done)
	})
}

// rotate gives senders another transport key, look-ups other keys where that is wanted,
// and the page table another root. Each step may be repeated.
func rotate(ctx context.Context, ring *keyring.Ring, order Order) (done Rotated, err error) {
	before, err := ring.Status(ctx, clock.PaceNow())
	if err != nil {
		return done, fmt.Errorf("look at keyring: %w", err)
	}
	if err := ring.RetireTransportKey(ctx); err != nil {
		return done, err
	}
	if order.Index {
		if err := ring.ReplaceIndex(ctx); err != nil {
			return done, err
		}
	}
	if err := ring.Rotate(ctx); err != nil {
		return done, err
	}
	after, err := ring.Status(ctx, clock.PaceNow())
	if err != nil {
		return done, fmt.Errorf("look at keyring: %w", err)
	}
	return Rotated{From: before.Generation, To: after.Generation, Index: order.Index}, nil
}
