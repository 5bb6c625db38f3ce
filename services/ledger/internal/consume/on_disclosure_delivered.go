package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/ledger/internal/leaf"
	"gallra.se/services/ledger/receipt"
)

// leavesOfDelivery is one leaf for the delivery, dated with the business time at
// which disclosure wrote it down.
func leavesOfDelivery(_ context.Context, ev bus.Event) (any, error) {
	var e events.DisclosureDelivered
	if err := ev.Into(&e); err != nil {
		return nil, err
	}
	policy, _ := ev.CE.Extensions()["policyversion"].(string)
	t := &told{leaves: []receipt.Leaf{leaf.OfDelivery(ev.Authority, policy, ev.Time(), e)}}
	if e.Audience == events.AudienceProtected {
		t.concealed = []uuid.UUID{e.Disclosure}
	}
	return t, nil
}

// onDisclosureDelivered adds the leaf of the delivery.
func onDisclosureDelivered(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	return add(ctx, tx, ev)
}
