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

// Preparer opens events and makes keys ready, before the transaction.
type Preparer struct {
	Ring     Opener
	Register *register.Register
}

// Prepare by event type.
func (p *Preparer) Prepare() map[string]func(context.Context, bus.Event) (any, error) {
	return map[string]func(context.Context, bus.Event) (any, error){
		events.TypeStatisticsRecorded:  p.recorded,
		events.TypeStatisticsWithdrawn: p.withdrawn,
		events.TypeStatisticsSeparated: p.separated,
	}
}

var errContent = errors.New("what was sealed is not what this event holds")

// open decrypts an event's content into v; the three events have one shape. A box
// that does not open, or whose key is gone, is refused for good; only a key
// database out of reach is tried again.
func (p *Preparer) open(ctx context.Context, ev bus.Event, v any) error {
	var e events.StatisticsRecorded
	if err := ev.Into(&e); err != nil {
		return err
	}
	plain, err := p.Ring.OpenSealed(ctx, e.KeyID, events.StatisticsAAD(ev.Type, ev.Authority), e.Sealed)
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

// AAD is what the box of an event is bound to that case-linker seals to this service.
func AAD(ev bus.Event) (aad []byte, ok bool) {
	switch ev.Type {
	case events.TypeStatisticsRecorded, events.TypeStatisticsWithdrawn, events.TypeStatisticsSeparated:
		return events.StatisticsAAD(ev.Type, ev.Authority), true
	}
	return nil, false
}
