package consume

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// waitsForWithdrawal says that records of the category are kept with a consent, and until it is withdrawn.
func waitsForWithdrawal(p *policy.Pack, category string) bool {
	_, waits := p.RuleOn(category, policy.ConsentWithdrawn)
	return waits
}

// contactWithdrawn starts the clock of a contact on the day its consent was withdrawn: it is due at once, unless it is held.
// A second time it changes nothing; one that is gone stays gone.
func (d Desk) contactWithdrawn(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ContactWithdrawn
	if err := ev.Into(&said); err != nil {
		return err
	}
	pack, err := d.pack(ev)
	if err != nil {
		return err
	}
	on, err := past(ev, pack, "withdrawnOn", said.WithdrawnOn)
	if err != nil {
		return err
	}
	u, err := heardOf(ctx, tx, ev, said.Unit)
	if err != nil || u.State == store.Disposed {
		return err
	}
	if !waitsForWithdrawal(pack, u.Category) {
		return bus.Refuse(fmt.Errorf("%s of unit %s: no consent is what a %s is kept with", ev.Type, u.ID, u.Category))
	}
	if !u.OwnOn.IsZero() {
		return nil
	}
	u.OwnOn = on
	if err := store.SetFacts(ctx, tx, u); err != nil {
		return err
	}
	return d.Units(ctx, tx, because(ev), ev.Authority, []store.Unit{u}, nil)
}
