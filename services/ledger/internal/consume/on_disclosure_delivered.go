package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/ledger/internal/leaf"
	"gallra.se/services/ledger/receipt"
)

// onDisclosureDelivered adds one leaf for the delivery, dated with the business
// time at which disclosure wrote it down.
func onDisclosureDelivered(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.DisclosureDelivered
	if err := ev.Into(&e); err != nil {
		return err
	}
	policy, _ := ev.CE.Extensions()["policyversion"].(string)
	return add(ctx, tx, []receipt.Leaf{leaf.OfDelivery(ev.Authority, policy, ev.Time(), e)})
}
