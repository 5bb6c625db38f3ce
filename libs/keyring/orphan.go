package keyring

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
)

// A key is made before the row that it is for. After a crash between the two it
// is an orphan: it opens nothing, and goes.

// OrphanAfter is how long (Pace) a unit may be without its row. Transactions end
// within a minute, and machines' clocks agree far better than that.
const OrphanAfter = time.Hour

const (
	keepUpEvery = 10 * time.Second
	sweepEvery  = 10 * time.Minute
	sweepMost   = 1000
)

// Alive tells which of an authority's units have the row that they were made for.
type Alive func(ctx context.Context, authority string, units []uuid.UUID) (alive []uuid.UUID, err error)

// Tend keeps up with other processes every ten seconds (Pace), and sweeps every ten
// minutes, until ctx ends, whose error it returns. A fault is logged, and the next
// sweep begins where that one stopped.
func (r *Ring) Tend(ctx context.Context, alive Alive, log *slog.Logger) error {
	turn, look := clock.Ticker(sweepEvery), clock.Ticker(keepUpEvery)
	defer turn.Stop()
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			if err := r.keepUp(ctx); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "keys not looked at", "error", err.Error())
			}
			continue
		case <-turn.C:
		}
		n, err := r.Sweep(ctx, clock.PaceNow(), alive)
		if err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "orphans not swept", "error", err.Error())
		}
		if n > 0 {
			log.WarnContext(ctx, "keys without a row destroyed", "units", n)
		}
		if err := r.CopyNow(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "key database not copied", "error", err.Error())
		}
		if err := r.replaceIndex(ctx, clock.PaceNow().Add(-indexLife)); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "look-up keys not replaced", "error", err.Error())
		}
	}
}

// Sweep destroys units made more than OrphanAfter before now (the machine's time)
// that are not alive, and returns how many. It looks at each unit once: whoever
// gives an old unit a row asks for it with NewUnit first, which makes it young
// again.
func (r *Ring) Sweep(ctx context.Context, now time.Time, alive Alive) (destroyed int, err error) {
	until := now.Add(-OrphanAfter)
	place, err := r.sweptUntil(ctx)
	if err != nil {
		return 0, err
	}
	for {
		made, next, err := r.madeSince(ctx, place, until)
		if err != nil {
			return destroyed, err
		}
		if len(made) == 0 {
			return destroyed, r.sweep(ctx, until)
		}
		n, err := r.destroyOrphans(ctx, made, until, alive)
		if err != nil {
			return destroyed, err
		}
		destroyed, place = destroyed+n, next
	}
}

// place is a unit's in the order of making.
type place struct {
	madeAt time.Time
	ref    UnitRef
}

func (r *Ring) sweptUntil(ctx context.Context) (p place, err error) {
	err = r.db.QueryRow(ctx, `SELECT until FROM key_sweep`).Scan(&p.madeAt)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return p, fmt.Errorf("read how far was swept: %w", err)
	}
	p.madeAt = p.madeAt.Add(time.Microsecond) // all that was made at that instant was looked at
	return p, nil
}

func (r *Ring) sweep(ctx context.Context, until time.Time) error {
	_, err := r.db.Exec(ctx, `INSERT INTO key_sweep (until) VALUES ($1)
		ON CONFLICT (one) DO UPDATE SET until = greatest(key_sweep.until, excluded.until)`, until)
	if err != nil {
		return fmt.Errorf("note how far was swept: %w", err)
	}
	return nil
}

// madeSince lists the next living units after a place, made until then.
func (r *Ring) madeSince(ctx context.Context, after place, until time.Time) (made []UnitRef, next place, err error) {
	rows, err := r.db.Query(ctx, `SELECT made_at, authority, unit FROM key_unit
		WHERE page IS NOT NULL AND (made_at, authority, unit) > ($1, $2, $3) AND made_at <= $4
		ORDER BY made_at, authority, unit LIMIT $5`, after.madeAt, after.ref.Authority, after.ref.ID, until, sweepMost)
	if err != nil {
		return nil, next, fmt.Errorf("list units: %w", err)
	}
	_, err = pgx.ForEachRow(rows, []any{&next.madeAt, &next.ref.Authority, &next.ref.ID}, func() error {
		made = append(made, next.ref)
		return nil
	})
	if err != nil {
		return nil, next, fmt.Errorf("list units: %w", err)
	}
	return made, next, nil
}

// destroyOrphans asks who is alive, and destroys the others that are still old
// when nobody else can touch them.
func (r *Ring) destroyOrphans(ctx context.Context, made []UnitRef, until time.Time, alive Alive) (n int, err error) {
	orphans, err := without(ctx, made, alive)
	if err != nil || len(orphans) == 0 {
		return 0, err
	}
	err = r.rotate(ctx, func(ctx context.Context, tx pgx.Tx, next *state) (bool, error) {
		old, err := stillOld(ctx, tx, orphans, until)
		if err != nil || len(old) == 0 {
			return false, err
		}
		n = len(old)
		return r.end(ctx, tx, Ending{Units: old}, next)
	})
	if err != nil {
		return 0, fmt.Errorf("destroy %d orphans: %w", len(orphans), err)
	}
	return n, nil
}

// without leaves out the units that are alive.
func without(ctx context.Context, made []UnitRef, alive Alive) ([]UnitRef, error) {
	units := map[string][]uuid.UUID{}
	for _, ref := range made {
		units[ref.Authority] = append(units[ref.Authority], ref.ID)
	}
	living := map[UnitRef]bool{}
	for authority, ids := range units {
		found, err := alive(ctx, authority, ids)
		if err != nil {
			return nil, fmt.Errorf("ask which units are alive: %w", err)
		}
		for _, id := range found {
			living[UnitRef{authority, id}] = true
		}
	}
	return slices.DeleteFunc(made, func(ref UnitRef) bool { return living[ref] }), nil
}

func stillOld(ctx context.Context, tx pgx.Tx, refs []UnitRef, until time.Time) ([]UnitRef, error) {
	authorities, ids := columns(refs)
	rows, err := tx.Query(ctx, `SELECT authority, unit FROM key_unit u JOIN unnest($1::text[], $2::uuid[]) AS w (authority, unit) USING (authority, unit)
		WHERE u.page IS NOT NULL AND u.made_at <= $3`, authorities, ids, until)
	if err != nil {
		return nil, fmt.Errorf("look at orphans again: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[UnitRef])
}
