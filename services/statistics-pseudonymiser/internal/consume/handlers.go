// Package consume applies case-linker's statistics events, one file per event.
// Each is opened with this service's transport key, decoded and registered in
// the consumer's transaction. Delivered twice, the bus's inbox drops it; late or
// early, the register comes to the same; after the row's end there is nothing
// left to find it by.
package consume

import (
	"context"
	"encoding/json"
	"errors"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/keyring"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
)

// Opener opens what was sealed to this service.
type Opener interface {
	OpenSealed(ctx context.Context, keyID string, aad, box []byte) ([]byte, error)
}

// Consumer holds what the handlers need.
type Consumer struct {
	Ring     Opener
	Register *register.Register
}

// Handlers are the events that change rows, by type.
func (c *Consumer) Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeStatisticsRecorded:  c.onRecorded,
		events.TypeStatisticsWithdrawn: c.onWithdrawn,
		events.TypeStatisticsSeparated: c.onSeparated,
	}
}

var errContent = errors.New("what was sealed is not what this event holds")

// open decrypts the box into v. A box that does not open, or whose key is gone,
// is refused for good; only a key database out of reach is tried again.
func (c *Consumer) open(ctx context.Context, ev bus.Event, keyID string, box []byte, v any) error {
	plain, err := c.Ring.OpenSealed(ctx, keyID, events.StatisticsAAD(ev.Type, ev.Authority), box)
	if errors.Is(err, keyring.ErrBox) || errors.Is(err, keyring.ErrDestroyed) {
		return bus.Refuse(err)
	}
	if err != nil {
		return err
	}
	defer clear(plain)
	if json.Unmarshal(plain, v) != nil {
		return bus.Refuse(errContent)
	}
	return nil
}

func token(s string) (pseudonym.Token, error) {
	t, err := pseudonym.ParseToken(s)
	if err != nil {
		return t, bus.Refuse(err)
	}
	return t, nil
}

// final turns the register's refusals into the bus's.
func final(err error) error {
	var refused register.Refusal
	if errors.As(err, &refused) {
		return bus.Refuse(refused)
	}
	return err
}
