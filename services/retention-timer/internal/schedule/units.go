package schedule

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/deadline"
	"gallra.se/services/retention-timer/internal/store"
)

// Units arms locked units of one authority anew, from their facts and those of the persons they are about.
func (d *Desk) Units(ctx context.Context, tx pgx.Tx, why Cause, authority string, units []store.Unit, persons map[uuid.UUID]store.Person) error {
	pack, err := d.Pack(authority)
	if err != nil || len(units) == 0 {
		return err
	}
	running, err := store.RunningClocks(ctx, tx, authority, idsOf(units))
	if err != nil {
		return err
	}
	armed := make([]Armed, len(units))
	for i, u := range units {
		armed[i] = Armed{Unit: u, Running: running[u.ID], Schedule: deadline.Of(pack, Facts(u.Kind, u.Facts, persons[u.Person].DeregisteredOn))}
	}
	return d.Arm(ctx, tx, pack, why, armed...)
}

// UnitsAnew is Units with the persons as they are stored.
func (d *Desk) UnitsAnew(ctx context.Context, tx pgx.Tx, why Cause, authority string, units []store.Unit) error {
	persons, err := store.PersonsOf(ctx, tx, authority, personsOf(units))
	if err != nil {
		return err
	}
	return d.Units(ctx, tx, why, authority, units, persons)
}

func idsOf(units []store.Unit) []uuid.UUID {
	ids := make([]uuid.UUID, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	return ids
}

func personsOf(units []store.Unit) []uuid.UUID {
	var persons []uuid.UUID
	for _, u := range units {
		if u.Person != uuid.Nil {
			persons = append(persons, u.Person)
		}
	}
	return persons
}
