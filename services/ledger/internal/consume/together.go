package consume

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/fault"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// told is what an event says, as leaves.
type told struct {
	leaves    []receipt.Leaf
	concealed []uuid.UUID // records whose receipts are for appointed officers alone
	added     bool        // by Together, in the present transaction
}

// atOnce bounds what is in memory twice, as leaves and as rows.
const atOnce = 5000

// Together appends the leaves of all events of a transaction, before the first is
// applied. It is called anew for each attempt, and whatever makes the consumer
// pass an event by undoes the transaction. Where a leaf has no canonical form it
// leaves the events to their handlers, one of which refuses its own.
func Together(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
	var leaves []receipt.Leaf
	for _, ev := range said {
		t := ev.Prepared.(*told)
		t.added = false
		leaves = append(leaves, t.leaves...)
	}
	for some := range slices.Chunk(leaves, atOnce) {
		_, err := store.Append(ctx, tx, some)
		if errors.Is(err, receipt.ErrForm) {
			return nil // nothing of it is written; what is, the handlers find
		}
		if err != nil {
			return err
		}
	}
	for _, ev := range said {
		t := ev.Prepared.(*told)
		if err := store.Conceal(ctx, tx, ev.Authority, t.concealed); err != nil {
			return err
		}
		t.added = true
	}
	fault.Point("ledger.appended")
	return nil
}

// add is an event alone. It refuses the event for good when a leaf has no
// canonical form.
func add(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	t := ev.Prepared.(*told)
	if t.added || len(t.leaves) == 0 {
		return nil
	}
	_, err := store.Append(ctx, tx, t.leaves)
	if errors.Is(err, receipt.ErrForm) {
		return bus.Refuse(fmt.Errorf("write leaf: %w", err))
	}
	if err != nil {
		return err
	}
	fault.Point("ledger.appended")
	return store.Conceal(ctx, tx, ev.Authority, t.concealed)
}
