// Package consume applies the events that the log bears witness of, one file
// per event. Before the transaction an event becomes leaves; the leaves of all
// events of a transaction are appended together, since the log has one end and
// every append looks for it. A second delivery finds its leaves and adds none.
package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/ledger/internal/leaf"
)

// Handlers are the events that become leaves, by type.
func Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeRecordDisposed:      onRecordDisposed,
		events.TypeDisclosureDelivered: onDisclosureDelivered,
	}
}

// Prepare makes the leaves of an event, by type.
func Prepare() map[string]func(context.Context, bus.Event) (any, error) {
	return map[string]func(context.Context, bus.Event) (any, error){
		events.TypeRecordDisposed:      leavesOfDisposal,
		events.TypeDisclosureDelivered: leavesOfDelivery,
	}
}

// leavesOfDisposal is one leaf for each record.
func leavesOfDisposal(_ context.Context, ev bus.Event) (any, error) {
	var e events.RecordDisposed
	if err := ev.Into(&e); err != nil {
		return nil, err
	}
	return &told{leaves: leaf.OfDisposal(ev.Authority, e), concealed: concealed(e)}, nil
}

// onRecordDisposed adds the leaves of the records. Late or early makes no
// difference: a leaf stands for itself.
func onRecordDisposed(ctx context.Context, tx pgx.Tx, ev bus.Event) error { return add(ctx, tx, ev) }

// concealed are the records whose receipts only appointed officers may see.
func concealed(e events.RecordDisposed) (records []uuid.UUID) {
	for _, unit := range e.Units {
		if unit.Audience != events.AudienceProtected {
			continue
		}
		for _, r := range unit.Records {
			records = append(records, r.Record)
		}
	}
	return records
}
