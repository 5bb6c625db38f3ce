// Package consume applies what case-linker says about who is protected, and who is gone. It looks nobody up and decides nothing.
package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/disclosure/internal/store"
)

// Streams are those that disclosure reads.
var Streams = []string{"EV_CASE"}

// Handlers by event type.
func Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeProtectionMarked: onProtectionMarked,
		events.TypeProtectionLifted: onProtectionLifted,
		events.TypeRecordDisposed:   onRecordDisposed,
	}
}

// onProtectionMarked hides a person's lines of the log from everybody who is not appointed, the old ones too. What may still go
// out is case-linker's word, at the moment of the delivery. A second delivery changes nothing.
func onProtectionMarked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ProtectionMarked
	if err := ev.Into(&said); err != nil {
		return err
	}
	return store.Mark(ctx, tx, ev.Authority, said.Person)
}

// onProtectionLifted shows them again, but for what was decided under protection.
func onProtectionLifted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ProtectionLifted
	if err := ev.Into(&said); err != nil {
		return err
	}
	return store.Unmark(ctx, tx, ev.Authority, said.Person)
}
