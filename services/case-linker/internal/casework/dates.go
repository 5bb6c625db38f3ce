package casework

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/store"
)

// datesAnew sets the dates beside a person's cases from our own facts: what retention-timer told of older ones does not hold
// any more, and access ends on time also while it is away.
func (d *Desk) datesAnew(ctx context.Context, tx pgx.Tx, p *policy.Pack, person store.Person) error {
	shares, err := store.SharesOfPerson(ctx, tx, p.Authority, person.Person)
	if err != nil {
		return err
	}
	for _, s := range shares {
		c, found, err := store.FindCase(ctx, tx, p.Authority, s.Case)
		if err != nil {
			return err
		}
		if !found || s.Intended {
			continue
		}
		if err := setDates(ctx, tx, p, person, c, s); err != nil {
			return err
		}
	}
	return nil
}

// setDates sets the dates of a share and of the units of notes beside it.
func setDates(ctx context.Context, tx pgx.Tx, p *policy.Pack, person store.Person, c store.Case, s store.Share) error {
	units, err := store.NoteUnitsOf(ctx, tx, p.Authority, s.Share)
	if err != nil {
		return err
	}
	for _, u := range append(units, store.NoteUnit{Unit: s.Share}) {
		if err := store.SetDue(ctx, tx, p.Authority, u.Unit, dueOf(p, shareFacts(p, person, c, u.Category))); err != nil {
			return err
		}
	}
	return nil
}

// shareFacts is what is known of a share of a case, or of its notes of a category with a unit of their own.
func shareFacts(p *policy.Pack, person store.Person, c store.Case, category string) lifetime.Facts {
	return lifetime.Facts{Category: category, CaseType: c.Type, DeregisteredOn: person.DeregisteredOn,
		OpenedOn: p.Today(c.OpenedAt), ClosedOn: c.ClosedOn}
}

// dueOf is the instant from which a share is gone, zero where nothing runs.
func dueOf(p *policy.Pack, f lifetime.Facts) time.Time {
	due, runs := deadline.DueOf(p, lifetime.Share(p, f), calendar.Date{})
	if !runs {
		return time.Time{}
	}
	return due.At
}
