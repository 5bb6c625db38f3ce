package schedule

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/services/retention-timer/internal/store"
)

// Person arms every unit of a person anew, from all facts about the person. The caller holds the person's lock.
func (d *Desk) Person(ctx context.Context, tx pgx.Tx, why Cause, authority string, person uuid.UUID, known store.Person) error {
	units, err := store.LockUnitsOfPerson(ctx, tx, authority, person)
	if err != nil {
		return err
	}
	return d.Units(ctx, tx, why, authority, units, map[uuid.UUID]store.Person{person: known})
}
