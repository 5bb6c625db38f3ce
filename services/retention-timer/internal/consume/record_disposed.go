package consume

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// recordDisposed ends units for good, whether or not they were due here: the holder's word counts, also before the unit
// was ever recorded here. A second delivery counts nothing twice.
func (d Desk) recordDisposed(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.RecordDisposed
	if err := ev.Into(&said); err != nil {
		return err
	}
	gone := make([]store.Gone, len(said.Units))
	for i, u := range said.Units {
		on, err := date(ev, "dueOn", u.DueOn)
		if err != nil {
			return err
		}
		gone[i] = store.Gone{Unit: u.Unit, Rule: u.Rule, Trigger: u.Trigger, DueOn: on, DueAt: u.DueAt, Protected: u.Audience == events.AudienceProtected}
		for _, r := range u.Records {
			gone[i].Records = append(gone[i].Records, r.Record)
		}
	}
	fresh, err := store.DisposeUnits(ctx, tx, ev.Authority, said.Holder, kindAt(said.Holder), gone)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if err := store.EndErasures(ctx, tx, ev.Authority, fresh, hiddenOf(gone), ev.Time()); err != nil {
		return err
	}
	if slices.ContainsFunc(gone, func(g store.Gone) bool { return g.Trigger == events.TriggerErasureOrdered }) {
		if err := d.CloseErased(ctx, tx, ev.Authority, fresh, ev.Time(), because(ev).Event); err != nil {
			return err
		}
	}
	if err := store.Forget(ctx, tx, ev.Authority, fresh); err != nil {
		return err
	}
	if err := store.Unlink(ctx, tx, ev.Authority, fresh); err != nil {
		return err
	}
	return countGone(ctx, tx, ev, gone, fresh)
}

// hiddenOf are the units that only appointed officers knew of.
func hiddenOf(gone []store.Gone) (hidden []uuid.UUID) {
	for _, g := range gone {
		if g.Protected {
			hidden = append(hidden, g.Unit)
		}
	}
	return hidden
}

// kindAt is what a unit never heard of is taken for.
func kindAt(holder string) string {
	if holder == events.Intake {
		return store.ContactUnit
	}
	return store.ShareUnit
}

func countGone(ctx context.Context, tx pgx.Tx, ev bus.Event, gone []store.Gone, fresh []uuid.UUID) error {
	records := map[string]int{}
	for _, g := range gone {
		if slices.Contains(fresh, g.Unit) {
			records[g.Rule] += len(g.Records)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(records)) {
		if err := store.CountDisposed(ctx, tx, ev.Authority, rule, ev.Partition, records[rule]); err != nil {
			return err
		}
	}
	return nil
}
