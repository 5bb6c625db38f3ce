package register

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Category of the rows in the policy pack.
const Category = "statistics.row"

// Separate cuts the token's row off on that civil date, or remembers to.
func (r *Register) Separate(ctx context.Context, tx pgx.Tx, authority string, token pseudonym.Token, on calendar.Date) error {
	d, err := r.at(ctx, tx, authority, token)
	if err != nil {
		return err
	}
	kept, found, err := store.Linked(ctx, tx, authority, d.mac)
	if err != nil {
		return err
	}
	if !found {
		e := store.Early{Kind: store.EarlySeparated, SeparatedOn: on}
		return store.Remember(ctx, tx, authority, d.mac, e, d.now.Add(RememberFor))
	}
	return d.separate(kept, on)
}

// separate gives the row its own ten years and a name that all rows of the
// person separated that day share.
func (d *desk) separate(kept store.Kept, on calendar.Date) error { return d.separateFrom(kept, on, on) }

// separateFrom counts from one date and takes the name from the key of another day.
func (d *desk) separateFrom(kept store.Kept, on, keyOf calendar.Date) error {
	rule, ok := d.pack.RuleOn(Category, policy.Separation)
	if !ok {
		return Refusal("the authority has no rule that ends a statistics row")
	}
	gone, _ := d.pack.GoneFrom(rule, on, on)
	day, err := d.Keys.Day(d.ctx, d.tx, d.authority, keyOf)
	if err != nil {
		return err
	}
	kept.Row = kept.Row.Separate(day.Fresh(kept.P), on, d.pack.Midnight(gone))
	if err := store.Count(d.ctx, d.tx, d.authority, 1, 0); err != nil {
		return err
	}
	return d.save(kept)
}
