package mailing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/campaign"
	"gallra.se/services/intake/internal/store"
)

// lookup is the index of objections, and page the pages of their units, which die one by one.
const (
	lookup = "mailing-objection"
	page   = "mailing.objection"
)

// Object writes down that somebody, who is known by mark, will have no mailings. Who says so again gets the same id.
func (d *Desk) Object(ctx context.Context, pack *policy.Pack, mark []byte) (id uuid.UUID, duplicate bool, err error) {
	for {
		id, err := d.enter(ctx, pack, mark)
		if errors.Is(err, keyring.ErrDestroyed) {
			continue // it was taken back, or swept as a leftover, just now
		}
		if err != nil {
			return uuid.Nil, false, err
		}
		first, err := d.stand(ctx, pack, id)
		if err != nil {
			return uuid.Nil, false, err
		}
		// Taken back meanwhile, its look-up is gone: then it is made anew.
		if found, ok, err := d.Keys.Find(ctx, pack.Authority, lookup, mark); err != nil || ok && found == id {
			return id, !first, err
		}
	}
}

// enter finds the look-up or makes it, and its unit; one that a crash left without a row is young again by that, and is
// not swept before it has its row.
func (d *Desk) enter(ctx context.Context, pack *policy.Pack, mark []byte) (uuid.UUID, error) {
	id, known, err := d.Keys.Find(ctx, pack.Authority, lookup, mark)
	if err != nil {
		return uuid.Nil, err
	}
	if !known {
		id = uuid.New()
	}
	unit := keyring.UnitRef{Authority: pack.Authority, ID: id}
	if _, err := d.Keys.NewUnit(ctx, unit, keyring.Shared(page)); err != nil {
		return uuid.Nil, err
	}
	entered, err := d.Keys.Enter(ctx, lookup, unit, id, mark)
	if err != nil || entered == id {
		return entered, err
	}
	return entered, d.Keys.Destroy(ctx, []keyring.UnitRef{unit}) // somebody else was first
}

func (d *Desk) stand(ctx context.Context, pack *policy.Pack, id uuid.UUID) (first bool, err error) {
	now := d.Business.Now().UTC().Truncate(time.Microsecond)
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if first, err = store.AddObjection(ctx, tx, pack.Authority, id, now); err != nil || !first {
			return err
		}
		return d.Box.Append(ctx, tx, d.told(pack, events.TypeObjectionMade, id, events.ObjectionMade{Objection: id, MadeAt: now}))
	})
	if err == nil && first {
		d.Box.Committed()
	}
	return first, err
}

// Withdraw takes an objection back: first its look-up dies, then its row goes, so that nobody can stumble over a row that
// stands for nothing. After a crash between the two it is done again.
func (d *Desk) Withdraw(ctx context.Context, pack *policy.Pack, id uuid.UUID) error {
	standing, err := store.Standing(ctx, d.DB, pack.Authority, []uuid.UUID{id})
	if err != nil {
		return err
	}
	if !standing[id] {
		return problem.New("not-found")
	}
	if err := d.Keys.Destroy(ctx, []keyring.UnitRef{{Authority: pack.Authority, ID: id}}); err != nil {
		return err
	}
	now := d.Business.Now().UTC().Truncate(time.Microsecond)
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		found, err := store.DropObjection(ctx, tx, pack.Authority, id)
		if err != nil || !found {
			return err
		}
		return d.Box.Append(ctx, tx, d.told(pack, events.TypeObjectionWithdrawn, id, events.ObjectionWithdrawn{Objection: id, WithdrawnAt: now}))
	})
	if err == nil {
		d.Box.Committed()
	}
	return err
}

// Objected says whether somebody will have no mailings.
func (d *Desk) Objected(ctx context.Context, authority, nationalID string) (bool, error) {
	places, err := d.objectors(ctx, authority, []campaign.Person{{NationalID: nationalID}})
	return len(places) > 0, err
}

// objectors are the places of those who have objected, by number or by address.
func (d *Desk) objectors(ctx context.Context, authority string, people []campaign.Person) ([]int, error) {
	var marks [][]byte
	var of []int // whose mark it is
	for place, person := range people {
		for _, mark := range person.Marks() {
			marks, of = append(marks, mark), append(of, place)
		}
	}
	found, err := d.Keys.FindMany(ctx, authority, lookup, marks)
	if err != nil || len(found) == 0 {
		return []int{}, err
	}
	var ids []uuid.UUID
	for _, id := range found {
		ids = append(ids, id)
	}
	standing, err := store.Standing(ctx, d.DB, authority, ids)
	places := []int{}
	for mark, id := range found {
		if standing[id] {
			places = append(places, of[mark])
		}
	}
	slices.Sort(places)
	return slices.Compact(places), err
}
