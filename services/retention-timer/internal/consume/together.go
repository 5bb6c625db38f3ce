package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/schedule"
)

// together marks a contact that was armed with the others of its transaction.
type together struct{ armed bool }

// Prepare marks the contacts, and the links of contacts.
func Prepare() map[string]func(context.Context, bus.Event) (any, error) {
	return map[string]func(context.Context, bus.Event) (any, error){
		events.TypeContactRecorded: func(context.Context, bus.Event) (any, error) { return &together{}, nil },
		events.TypeContactLinked:   func(context.Context, bus.Event) (any, error) { return &linking{}, nil },
	}
}

// Together arms all contacts of a transaction at once, before the first event is applied: they come by the thousand. A
// contact's key is its own, and it is the first thing told under it, so nothing is overtaken. What is refused is left to
// its handler. It is called anew for each attempt.
func (d Desk) Together(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
	var heard []schedule.Heard
	for _, ev := range said {
		t, ok := ev.Prepared.(*together)
		if !ok {
			continue
		}
		h, err := d.heard(ev)
		if t.armed = err == nil; t.armed {
			h.Trace = ev.Traceparent()
			heard = append(heard, h)
		}
	}
	if err := d.Contacts(ctx, tx, heard...); err != nil {
		return err
	}
	return d.links(ctx, tx, said)
}
