// Package consume applies the events that intake listens to, one file each. A
// contact that is gone is passed over: every event about it came too late. What
// needs a key is done by the Preparer, before the transaction; a handler only
// decides and writes.
package consume

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
)

// Streams are those that intake reads.
var Streams = []string{"EV_RETENTION", "EV_CASE"}

// Consumer is what handlers need; keys they have none.
type Consumer struct {
	Box      *outbox.Box
	Business clock.Business
	Policy   *policy.Set
	Follower *follow.Follower // keeps Policy on the newest activation
}

// Handlers by event type.
func (c *Consumer) Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeClockStarted:     c.onClockStarted,
		events.TypeClockRecomputed:  c.onClockRecomputed,
		events.TypeClockCancelled:   c.onClockCancelled,
		events.TypeHoldPlaced:       c.onHoldPlaced,
		events.TypeHoldReleased:     c.onHoldReleased,
		events.TypePolicyActivated:  c.Follower.Handle,
		events.TypeDisposalDue:      c.onDisposalDue,
		events.TypeContactLinked:    c.onContactLinked,
		events.TypeProtectionMarked: c.onProtectionMarked,
		events.TypeProtectionLifted: c.onProtectionLifted,
		events.TypeContactUnlinked:  c.onContactUnlinked,
	}
}

// Preparer does what needs a key, before the transaction.
type Preparer struct {
	DB   *pgxpool.Pool
	Keys *keyring.Ring
}

// Prepare by event type.
func (p *Preparer) Prepare() map[string]func(context.Context, bus.Event) (any, error) {
	return map[string]func(context.Context, bus.Event) (any, error){
		events.TypeContactUnlinked: p.unlinked,
		events.TypeContactLinked:   func(context.Context, bus.Event) (any, error) { return &linking{}, nil },
	}
}
