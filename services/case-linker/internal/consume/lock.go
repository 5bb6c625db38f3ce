package consume

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/store"
)

// LockPersons locks the persons of all events of a transaction before the first is applied, in the order of their ids. A
// note comes in the partition of its contact, and what retention-timer says in the person's: two instances, or the readers
// of two streams, would lock the same persons by turns.
func LockPersons(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
	persons := map[string][]uuid.UUID{}
	for _, ev := range said {
		if placed, ok := ev.Prepared.(casework.Placed); ok {
			persons[ev.Authority] = append(persons[ev.Authority], placed.Persons()...)
		} else if person, err := uuid.Parse(ev.Key); err == nil {
			persons[ev.Authority] = append(persons[ev.Authority], person)
		}
	}
	for _, authority := range slices.Sorted(maps.Keys(persons)) {
		if err := store.HoldPersons(ctx, tx, authority, persons[authority]); err != nil {
			return err
		}
	}
	return nil
}
