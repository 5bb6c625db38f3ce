package consume

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/intake/internal/store"
)

// onClockStarted keeps the due instant beside the contact, so that access ends
// on time even while retention-timer is down.
func (c *Consumer) onClockStarted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ClockStarted
	if err := ev.Into(&e); err != nil || e.Holder != events.Intake {
		return err
	}
	return setDue(ctx, tx, ev.Authority, e.Units)
}

// onClockRecomputed replaces the due instant.
func (c *Consumer) onClockRecomputed(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ClockRecomputed
	if err := ev.Into(&e); err != nil || e.Holder != events.Intake {
		return err
	}
	return setDue(ctx, tx, ev.Authority, e.Units)
}

// onClockCancelled forgets the due instant.
func (c *Consumer) onClockCancelled(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ClockCancelled
	if err := ev.Into(&e); err != nil || e.Holder != events.Intake {
		return err
	}
	units := make([]uuid.UUID, len(e.Units))
	for i, u := range e.Units {
		units[i] = u.Unit
	}
	return store.ClearDue(ctx, tx, ev.Authority, units)
}

func setDue(ctx context.Context, tx pgx.Tx, authority string, told []events.ClockUnit) error {
	units, on, at := make([]uuid.UUID, len(told)), make([]calendar.Date, len(told)), make([]time.Time, len(told))
	for i, u := range told {
		day, err := calendar.ParseDate(u.DueOn)
		if err != nil {
			return bus.Refuse(fmt.Errorf("read due date of unit %s: %w", u.Unit, err))
		}
		units[i], on[i], at[i] = u.Unit, day, u.DueAt
	}
	return store.SetDue(ctx, tx, authority, units, on, at)
}
