package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/disclosure/internal/store"
)

// identity is the category of the record whose id is the person's.
const identity = "person.identity"

// onRecordDisposed makes the lines about a person name nobody when the identity is gone. A second delivery changes nothing. A
// request that was looked up before the disposal and is written down after this keeps its random id.
func onRecordDisposed(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.RecordDisposed
	if err := ev.Into(&said); err != nil {
		return err
	}
	var persons []uuid.UUID
	for _, unit := range said.Units {
		for _, r := range unit.Records {
			if r.Category == identity {
				persons = append(persons, r.Record)
			}
		}
	}
	if len(persons) == 0 {
		return nil
	}
	return store.Forget(ctx, tx, ev.Authority, persons)
}
