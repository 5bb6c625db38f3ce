package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// takeable is true of a running unit u at $1 unless a hold covers it, its list waits for a review, an event of its key is
// parked, or a producer has not yet said that everything before the unit's date is published. What does not look at u is
// asked once a statement: how far each partition is, and how far the furthest is, which lets the index of dates end there.
const takeable = `u.state = 'running' AND u.claim_at <= $1 AND u.claim_at <= (SELECT max(at) FROM (` + passed + `) AS p)
	AND u.claim_at <= (SELECT array_agg(at ORDER BY partition) FROM (` + passed + `) AS p)[u.partition + 1] AND ` + unhindered

// passed is how far every producer of a partition is.
const passed = `SELECT partition, min(at) AS at FROM watermark GROUP BY partition`

// unhindered asks both for the unit's own mark, which a concurrent hold's transaction changes under our eyes, and for the
// holds themselves, which may be older than the unit.
// From a unit's absolute day on no hold counts; from its ceiling on it goes without a review.
const unhindered = `(u.absolute_at <= $1 OR NOT u.held AND NOT ` + held + `) AND (NOT u.review OR u.approved OR u.ceiling_at <= $1)
	AND NOT EXISTS (SELECT FROM bus_parked AS p WHERE p.key = u.key OFFSET 0)`

// sweepLock is held by the instance whose sweep takes units.
const sweepLock = 0x7377656570 // "sweep"

// SweepAlone waits until no other instance's sweep is taking units: two that each pass over what the other has locked would
// tell of one person's units in two events. In its transaction units are read by the index of their dates and never sorted,
// whatever is thought of how many there are: of all that are due in a night each part would read and sort the whole.
func SweepAlone(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT set_config('enable_sort', 'off', true), pg_advisory_xact_lock($1)`, int64(sweepLock))
	if err != nil {
		return fmt.Errorf("wait for the sweep of another instance: %w", err)
	}
	return nil
}

// plannedAnew has a statement planned each time it runs, with what it asks for in view.
const plannedAnew = pgx.QueryExecModeCacheDescribe

// Take locks the earliest units that may go now, as many as limit, and whatever else may go of the persons among them; rows
// that another transaction works on are left. Those of one date come in the order in which they became known, more or less,
// and so in that in which their keys lie on pages.
func Take(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]Unit, error) {
	taken, err := take(ctx, tx, takeable+` ORDER BY u.claim_at LIMIT $2`, now, limit)
	if err != nil || len(taken) < limit {
		return taken, err
	}
	return withPersons(ctx, tx, now, taken)
}

// withPersons adds what else may go of the persons whose units were taken.
func withPersons(ctx context.Context, tx pgx.Tx, now time.Time, taken []Unit) ([]Unit, error) {
	known := make(map[uuid.UUID]bool, len(taken))
	authorities, persons := map[string]bool{}, map[uuid.UUID]bool{}
	for _, u := range taken {
		known[u.ID] = true
		if u.Person != uuid.Nil {
			authorities[u.Authority], persons[u.Person] = true, true
		}
	}
	if len(persons) == 0 {
		return taken, nil
	}
	theirs, err := take(ctx, tx, `u.authority = ANY($2) AND u.person = ANY($3) AND `+takeable, now,
		slices.Collect(maps.Keys(authorities)), slices.Collect(maps.Keys(persons)))
	for _, u := range theirs {
		if !known[u.ID] {
			taken = append(taken, u)
		}
	}
	return taken, err
}

func take(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Unit, error) {
	rows, err := tx.Query(ctx, `SELECT `+unitColumns+` FROM unit AS u WHERE `+where+` FOR UPDATE OF u SKIP LOCKED`,
		append([]any{plannedAnew}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("take due units: %w", err)
	}
	taken, err := pgx.CollectRows(rows, scanUnit)
	if err != nil {
		return nil, fmt.Errorf("take due units: %w", err)
	}
	return taken, nil
}

// MarkDue says that the holder is being told.
func MarkDue(ctx context.Context, tx pgx.Tx, taken []Unit) error {
	authorities, ids := make([]string, len(taken)), make([]uuid.UUID, len(taken))
	for i, u := range taken {
		authorities[i], ids[i] = u.Authority, u.ID
	}
	_, err := tx.Exec(ctx, `
		UPDATE unit AS u SET state = 'due', declined = '' FROM unnest($1::text[], $2::uuid[]) AS t(authority, unit)
		WHERE u.authority = t.authority AND u.unit = t.unit`, authorities, ids)
	if err != nil {
		return fmt.Errorf("mark units due: %w", err)
	}
	return nil
}

// Ahead is what the sweep has before it.
type Ahead struct {
	Takeable time.Time // earliest unit that may go now; zero: none
	Later    time.Time // earliest date after now; zero: none
	WaitsFor []string  // where none may go: services whose watermark alone holds a unit of the partitions back
}

// LookAhead says what waits at now; for whom it waits, it says of these partitions.
func LookAhead(ctx context.Context, q Querier, now time.Time, partitions []int) (Ahead, error) {
	var first *time.Time
	if err := q.QueryRow(ctx, `SELECT min(claim_at) FROM unit WHERE state = 'running'`).Scan(&first); err != nil {
		return Ahead{}, fmt.Errorf("look ahead: %w", err)
	}
	if first == nil || first.After(now) {
		return Ahead{Later: utc(first)}, nil
	}
	var takeableAt, later *time.Time
	err := q.QueryRow(ctx, `
		SELECT (SELECT u.claim_at FROM unit AS u WHERE `+takeable+` ORDER BY u.claim_at LIMIT 1),
		       least((SELECT min(u.claim_at) FROM unit AS u WHERE u.state = 'running' AND u.claim_at > $1),
		             (SELECT min(u.absolute_at) FROM unit AS u WHERE u.state = 'running' AND u.held AND u.absolute_at > $1),
		             (SELECT min(u.ceiling_at) FROM unit AS u WHERE u.state = 'running' AND u.review AND NOT u.approved AND u.ceiling_at > $1))`, plannedAnew, now).Scan(&takeableAt, &later)
	if err != nil {
		return Ahead{}, fmt.Errorf("look ahead: %w", err)
	}
	ahead := Ahead{Takeable: utc(takeableAt), Later: utc(later)}
	if takeableAt == nil {
		ahead.WaitsFor, err = waitedFor(ctx, q, now, partitions)
	}
	return ahead, err
}

// waitedFor names the services whose word alone holds back what is due.
func waitedFor(ctx context.Context, q Querier, now time.Time, partitions []int) (services []string, err error) {
	err = q.QueryRow(ctx, `
		SELECT array_agg(DISTINCT w.service ORDER BY w.service) FROM watermark AS w
		WHERE w.partition = ANY($2::int[]) AND EXISTS (
			SELECT FROM unit AS u
			WHERE u.state = 'running' AND u.claim_at <= $1 AND u.claim_at > w.at AND u.partition = w.partition AND `+unhindered+` OFFSET 0)`,
		plannedAnew, now, partitions).Scan(&services)
	if err != nil {
		return nil, fmt.Errorf("look for whom the sweep waits: %w", err)
	}
	return services, nil
}

// Querier is a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
