// Package consume applies the events that the log bears witness of, one file
// per event. A handler decodes, asks the core for leaves and appends them in
// the consumer's transaction; a second delivery finds its leaves and adds none.
package consume

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/ledger/internal/leaf"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// Handlers are the events that become leaves, by type.
func Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeRecordDisposed:      onRecordDisposed,
		events.TypeDisclosureDelivered: onDisclosureDelivered,
	}
}

// onRecordDisposed adds one leaf for each record. Late or early makes no
// difference: a leaf stands for itself.
func onRecordDisposed(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.RecordDisposed
	if err := ev.Into(&e); err != nil {
		return err
	}
	return add(ctx, tx, leaf.OfDisposal(ev.Authority, e))
}

// add refuses an event for good when a leaf has no canonical form.
func add(ctx context.Context, tx pgx.Tx, leaves []receipt.Leaf) error {
	for _, l := range leaves {
		if _, err := l.Text(); err != nil {
			return bus.Refuse(fmt.Errorf("write leaf: %w", err))
		}
	}
	if len(leaves) == 0 {
		return nil
	}
	_, err := store.Append(ctx, tx, leaves)
	return err
}
