package schedule

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/services/retention-timer/internal/deadline"
	"gallra.se/services/retention-timer/internal/store"
)

// Person arms every unit of a person anew, from all facts about the person. The caller holds the person's lock.
func (d *Desk) Person(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, known store.Person) error {
	pack, err := d.Pack(authority)
	if err != nil {
		return err
	}
	units, err := store.LockUnitsOfPerson(ctx, tx, authority, person)
	if err != nil {
		return err
	}
	shares, err := store.SharesOf(ctx, tx, authority, person)
	if err != nil {
		return err
	}
	running, err := store.RunningClocks(ctx, tx, authority, idsOf(units))
	if err != nil {
		return err
	}
	registration := Registration(known)
	armed := make([]Armed, 0, len(units))
	for _, u := range units {
		a := Armed{Unit: u, Running: running[u.ID]}
		switch u.Kind {
		case store.IdentityUnit:
			a.Schedule = deadline.OfIdentity(pack, registration)
		case store.ShareUnit:
			a.Schedule = deadline.OfShare(pack, registration, deadline.Share{OpenedOn: shares[u.ID].OpenedOn, ClosedOn: shares[u.ID].ClosedOn})
		default:
			return fmt.Errorf("arm person %s: unit %s is a %s", person, u.ID, u.Kind)
		}
		armed = append(armed, a)
	}
	return d.Arm(ctx, tx, pack, armed...)
}

// Registration is the core's view of what is known of a person.
func Registration(p store.Person) deadline.Registration {
	return deadline.Registration{RegisteredOn: p.RegisteredOn, DeregisteredOn: p.DeregisteredOn}
}

func idsOf(units []store.Unit) []uuid.UUID {
	ids := make([]uuid.UUID, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	return ids
}
