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
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// onDisposalDue commits the disposal of each contact, or declines it when
// intake's own facts say that it is not due. From the commit on nobody reads it.
// A second delivery finds the intent, a late one finds nothing.
func (c *Consumer) onDisposalDue(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.DisposalDue
	if err := ev.Into(&e); err != nil || e.Holder != events.Intake {
		return err
	}
	if err := c.samePolicy(ctx, tx, ev.Authority, e); err != nil {
		return err
	}
	units := make([]uuid.UUID, len(e.Units))
	for i, u := range e.Units {
		units[i] = u.Unit
	}
	facts, err := store.LockFacts(ctx, tx, ev.Authority, units)
	if err != nil {
		return err
	}
	longer, err := c.keptLonger(ctx, tx, ev.Authority, facts)
	if err != nil {
		return err
	}
	intents, declined, err := c.decide(ev.Authority, e.Units, facts, longer)
	if err != nil {
		return bus.Refuse(err)
	}
	if err := store.Intend(ctx, tx, intents); err != nil {
		return err
	}
	return c.Box.Append(ctx, tx, declined...)
}

// samePolicy sees to it that intake counts by the policy that the contacts were found due by. The activation may have been
// applied by another instance, or just before, in this transaction; until it has been, the event is tried again.
func (c *Consumer) samePolicy(ctx context.Context, tx pgx.Tx, authority string, e events.DisposalDue) error {
	for _, u := range e.Units {
		if c.Follower.Ensure(ctx, authority, u.PolicyVersion) == nil {
			continue
		}
		if err := c.Follower.Catch(ctx, tx); err != nil {
			return err
		}
		if err := c.Follower.Ensure(ctx, authority, u.PolicyVersion); err != nil {
			return err
		}
	}
	return nil
}

// decide looks at each unit; now is read after the contacts were locked.
func (c *Consumer) decide(authority string, due []events.DueUnit, facts map[uuid.UUID]store.Facts, longer map[uuid.UUID][]recording.Reason) (intents []store.Intent, declined []outbox.Draft, err error) {
	pack, ok := c.Policy.Pack(authority)
	if !ok {
		return nil, nil, fmt.Errorf("no policy pack of %s", authority)
	}
	now := c.Business.Now()
	for _, u := range due {
		f, living := facts[u.Unit]
		if !living || f.Intended {
			continue
		}
		dueOn, err := calendar.ParseDate(u.DueOn)
		if err != nil {
			return nil, nil, fmt.Errorf("read due date of unit %s: %w", u.Unit, err)
		}
		reason := mayGo(pack, f, u, dueOn, now)
		if reason == "" && neededLonger(pack, f, longer[f.Contact], u, dueOn) {
			reason = contact.OwnFacts
		}
		if reason != "" {
			declined = append(declined, decline(authority, f.Contact, u, reason))
			continue
		}
		intents = append(intents, store.Intent{Authority: authority, Unit: u.Unit, Contact: f.Contact, Rule: u.Rule, Trigger: u.Trigger,
			DueOn: dueOn, DueAt: u.DueAt, PolicyVersion: u.PolicyVersion, RemovedAt: now})
	}
	return intents, declined, nil
}

// mayGo is intake's word on one contact: ended by its time, or erased by an order.
func mayGo(pack *policy.Pack, f store.Facts, u events.DueUnit, dueOn calendar.Date, now time.Time) string {
	if u.Trigger == events.TriggerErasureOrdered {
		return contact.MayBeErased(pack, f.Category, f.EndedOn, u.DueAt, now)
	}
	return contact.MayGo(pack, f.Category, f.EndedOn, f.WithdrawnOn, dueOn, u.DueAt, now)
}

func decline(authority string, contact uuid.UUID, u events.DueUnit, reason string) outbox.Draft {
	return outbox.Draft{Authority: authority, Type: events.TypeDisposalDeclined, Subject: contact.String(), Key: contact.String(),
		PolicyVersion: u.PolicyVersion,
		Data:          events.DisposalDeclined{Holder: events.Intake, Units: []events.DeclinedUnit{{Unit: u.Unit, Reason: reason}}}}
}
