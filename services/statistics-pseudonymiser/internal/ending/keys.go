package ending

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// retire takes keys out of use whose day or epoch is over.
func (e *Ending) retire(ctx context.Context, now time.Time) error {
	over, _, err := e.uses(ctx, now)
	if err != nil {
		return err
	}
	for _, use := range over {
		if err := pg.Tx(ctx, e.DB, func(tx pgx.Tx) error { return store.Retire(ctx, tx, use) }); err != nil {
			return fmt.Errorf("retire key: %w", err)
		}
	}
	return nil
}

// destroy destroys the keys of what was retired. After a crash anywhere it is
// done again: destroying twice is destroying once.
func (e *Ending) destroy(ctx context.Context) error {
	doomed, err := store.AllDoomed(ctx, e.DB)
	if err != nil || len(doomed) == 0 {
		return err
	}
	ended, units := keyring.Ending{Units: make([]keyring.UnitRef, len(doomed))}, make([]uuid.UUID, len(doomed))
	for i, d := range doomed {
		ended.Units[i], units[i] = keyring.UnitRef{Authority: d.Authority, ID: d.Unit}, d.Unit
	}
	if ended.TransportKeys, err = e.Transport.Sweeping(ctx); err != nil {
		return err
	}
	if err := e.Ring.End(ctx, ended); err != nil {
		return err
	}
	e.Keys.Forget(units)
	return pg.Tx(ctx, e.DB, func(tx pgx.Tx) error { return store.Destroyed(ctx, tx, units) })
}

// uses is the keys whose day or epoch is over, and when the next one's will be.
func (e *Ending) uses(ctx context.Context, now time.Time) (over []store.Use, next time.Time, err error) {
	days, err := store.Days(ctx, e.DB)
	if err != nil {
		return nil, next, err
	}
	epochs, err := store.EmptyEpochs(ctx, e.DB)
	if err != nil {
		return nil, next, err
	}
	for _, use := range append(days, epochs...) {
		end, err := e.endOf(use)
		switch {
		case err != nil:
			return nil, next, err
		case end.After(now):
			next = soonest(next, end)
		default:
			over = append(over, use)
		}
	}
	return over, next, nil
}

// endOf is the midnight after the use's day or year, in the authority's zone.
func (e *Ending) endOf(use store.Use) (time.Time, error) {
	pack, ok := e.Policy.Pack(use.Authority)
	if !ok {
		return time.Time{}, fmt.Errorf("no policy pack of %s", use.Authority)
	}
	if use.Purpose == store.PurposeEpoch {
		year, err := strconv.Atoi(use.Period)
		return pack.Midnight(calendar.Date{Year: year + 1, Month: time.January, Day: 1}), err
	}
	day, err := calendar.ParseDate(use.Period)
	return pack.Midnight(day.AddDays(1)), err
}
