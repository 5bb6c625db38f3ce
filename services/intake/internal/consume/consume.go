// Package consume applies the events that intake listens to, one file each. A
// contact that is gone is passed over: every event about it came too late.
package consume

import (
	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
)

// Streams are those that intake reads.
var Streams = []string{"EV_RETENTION", "EV_CASE"}

// Consumer is what handlers need.
type Consumer struct {
	Keys     *keyring.Ring
	Box      *outbox.Box
	Business clock.Business
	Policy   *policy.Set
}

// Handlers by event type.
func (c *Consumer) Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeClockStarted:    c.onClockStarted,
		events.TypeClockRecomputed: c.onClockRecomputed,
		events.TypeClockCancelled:  c.onClockCancelled,
		events.TypeDisposalDue:     c.onDisposalDue,
		events.TypeContactLinked:   c.onContactLinked,
		events.TypeContactUnlinked: c.onContactUnlinked,
	}
}
