// Package consume applies case-linker's statistics events, one file per event.
// Before the transaction each is opened with this service's transport key and its
// keys are made ready; in the consumer's transaction it is registered. Delivered
// twice, the bus's inbox drops it; late or early, the register comes to the same;
// after the row's end there is nothing left to find it by.
package consume

import (
	"errors"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
)

// Consumer holds what the handlers need.
type Consumer struct{ Register *register.Register }

// Handlers are the events that change rows, by type.
func (c *Consumer) Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeStatisticsRecorded:  c.onRecorded,
		events.TypeStatisticsWithdrawn: c.onWithdrawn,
		events.TypeStatisticsSeparated: c.onSeparated,
	}
}

// final turns the register's refusals into the bus's.
func final(err error) error {
	var refused register.Refusal
	if errors.As(err, &refused) {
		return bus.Refuse(refused)
	}
	return err
}
