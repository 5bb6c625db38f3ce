package consume

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// recordingExtended keeps one recording longer, for a reason that the notice names and while it exists (KSC-14). How long
// is for the core to say: the ceiling counts from the call.
func (d Desk) recordingExtended(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.RecordingExtended
	if err := ev.Into(&said); err != nil {
		return err
	}
	until, err := date(ev, "until", said.Until)
	if err != nil {
		return err
	}
	return d.extension(ctx, tx, ev, said.Unit, func(u *store.Unit, e policy.Extension) error {
		if !slices.Contains(e.Reasons, said.Reason) {
			return bus.Refuse(fmt.Errorf("%s of unit %s: %q is no reason that %s names", ev.Type, u.ID, said.Reason, e.Requirement))
		}
		u.ExtendedUntil, u.ReasonEndedOn = until, day{}
		return nil
	})
}

// recordingReasonEnded lets an extended recording go the day after its reason ended, not before its ordinary time.
func (d Desk) recordingReasonEnded(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.RecordingReasonEnded
	if err := ev.Into(&said); err != nil {
		return err
	}
	pack, err := d.pack(ev)
	if err != nil {
		return err
	}
	on, err := past(ev, pack, "endedOn", said.EndedOn)
	if err != nil {
		return err
	}
	return d.extension(ctx, tx, ev, said.Unit, func(u *store.Unit, _ policy.Extension) error {
		if u.ExtendedUntil.IsZero() {
			return bus.Refuse(fmt.Errorf("%s of unit %s, which was not extended", ev.Type, u.ID))
		}
		u.ReasonEndedOn = on
		return nil
	})
}

// extension changes what is known of a recording's extension and arms it anew. One that is gone stays gone.
func (d Desk) extension(ctx context.Context, tx pgx.Tx, ev bus.Event, unit uuid.UUID, change func(*store.Unit, policy.Extension) error) error {
	pack, err := d.pack(ev)
	if err != nil {
		return err
	}
	u, err := heardOf(ctx, tx, ev, unit)
	if err != nil || u.State == store.Disposed {
		return err
	}
	e, extensible := pack.Extension(u.Category)
	if !extensible {
		return bus.Refuse(fmt.Errorf("%s of unit %s: no notice lets a %s be kept longer", ev.Type, u.ID, u.Category))
	}
	if err := change(&u, e); err != nil {
		return err
	}
	if err := store.SetFacts(ctx, tx, u); err != nil {
		return err
	}
	return d.Units(ctx, tx, because(ev), ev.Authority, []store.Unit{u}, nil)
}
