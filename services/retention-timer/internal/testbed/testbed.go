// Package testbed lets tests tell retention-timer what happened and look at what came of it, on a real PostgreSQL. Tests
// only.
package testbed

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// AF is the authority of most tests.
const AF = "arbetsformedlingen"

// Bed is one test's world.
type Bed struct {
	T         testing.TB
	Authority string
	DB        *pgxpool.Pool
	Now       *Clock
	Out       *Letters
	Desk      consume.Desk
}

// New makes a world of Arbetsförmedlingen at 2021-01-01 whose watermarks have passed nothing.
func New(t testing.TB) *Bed {
	t.Helper()
	return NewAt(t, AF)
}

// NewAt is New at another authority. Its packs are its own.
func NewAt(t testing.TB, authority string) *Bed {
	t.Helper()
	url := pgtest.From(t, "retention-timer", func(ctx context.Context, url string) error {
		return pg.MigrateAll(ctx, url,
			pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
			pg.Migration{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"},
			pg.Migration{FS: follow.Migrations, Dir: "migrations", Table: "policy_version"},
			store.Migrations())
	})
	db, err := pg.Open(context.Background(), url, pg.MaxConns(8))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	b := &Bed{T: t, Authority: authority, DB: db, Now: &Clock{now: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)}, Out: &Letters{}}
	b.Desk = consume.Desk{Desk: &schedule.Desk{Policy: policy.Default().Clone(), Out: b.Out}}
	b.Tx(func(tx pgx.Tx) error {
		return store.AwaitWatermarks(context.Background(), tx, consume.Awaited, bus.Partitions)
	})
	return b
}

// Tx runs do in a transaction that must succeed.
func (b *Bed) Tx(do func(tx pgx.Tx) error) {
	b.T.Helper()
	if err := pg.Tx(context.Background(), b.DB, do); err != nil {
		b.T.Fatal(err)
	}
}

// Tell applies one event as the consumer would, under the key and at the present business time.
func (b *Bed) Tell(eventType string, key uuid.UUID, payload any) {
	b.T.Helper()
	b.TellAt(time.Time{}, eventType, key, payload)
}

// TellAt is Tell of something that happened at an instant: the event was not written before it.
func (b *Bed) TellAt(at time.Time, eventType string, key uuid.UUID, payload any) {
	b.T.Helper()
	if now := b.Now.Now(); at.Before(now) {
		at = now
	}
	if err := b.TryAt(at, eventType, key, payload); err != nil {
		b.T.Fatalf("%s: %v", eventType, err)
	}
}

// Try is Tell that may be refused.
func (b *Bed) Try(eventType string, key uuid.UUID, payload any) error {
	return b.TryAt(b.Now.Now(), eventType, key, payload)
}

// TryAt is Try of an event that was written at an instant.
func (b *Bed) TryAt(at time.Time, eventType string, key uuid.UUID, payload any) error {
	ev := b.eventAt(at, eventType, key, payload)
	return pg.Tx(context.Background(), b.DB, func(tx pgx.Tx) error {
		return b.Desk.Handlers()[eventType](context.Background(), tx, ev)
	})
}

// Event is an event of the present time, not told yet.
func (b *Bed) Event(eventType string, key uuid.UUID, payload any) bus.Event {
	return b.eventAt(b.Now.Now(), eventType, key, payload)
}

func (b *Bed) eventAt(at time.Time, eventType string, key uuid.UUID, payload any) bus.Event {
	b.T.Helper()
	ev := bus.Event{CE: cloudevents.New(), ID: uuid.New(), Type: eventType, Authority: b.Authority, Key: key.String()}
	raw, err := json.Marshal(payload)
	if err != nil {
		b.T.Fatal(err)
	}
	ev.CE.SetTime(at)
	if err := ev.CE.SetData(cloudevents.ApplicationJSON, raw); err != nil {
		b.T.Fatal(err)
	}
	return ev
}

// Passed lets the watermarks of both producers pass the present time.
func (b *Bed) Passed() {
	b.T.Helper()
	for _, a := range consume.Awaited {
		b.PassedBy(a)
	}
}

// PassedBy lets one producer's watermark pass the present time.
func (b *Bed) PassedBy(a store.Awaited) {
	b.T.Helper()
	w := bus.Watermark{Stream: a.Stream, Service: a.Service, At: b.Now.Now()}
	for p := range bus.Partitions {
		w.Partitions = append(w.Partitions, p)
	}
	b.Tx(func(tx pgx.Tx) error { return consume.Watermark(context.Background(), tx, w) })
}

// Unit reads a unit.
func (b *Bed) Unit(id uuid.UUID) store.Unit {
	b.T.Helper()
	var units []store.Unit
	b.Tx(func(tx pgx.Tx) (err error) {
		units, err = store.LockUnits(context.Background(), tx, b.Authority, []uuid.UUID{id})
		return err
	})
	if len(units) != 1 {
		b.T.Fatalf("unit %s is not known", id)
	}
	return units[0]
}

// Units lists the ids of all units that are known.
func (b *Bed) Units() (ids []uuid.UUID) {
	b.T.Helper()
	b.Tx(func(tx pgx.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT unit FROM unit ORDER BY unit`)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
	return ids
}

// UnitOf is the unit that a record goes with.
func (b *Bed) UnitOf(record uuid.UUID) (unit uuid.UUID) {
	b.T.Helper()
	b.Tx(func(tx pgx.Tx) error {
		units, err := store.UnitsOfRecord(context.Background(), tx, b.Authority, record)
		if err == nil && len(units) == 1 {
			unit = units[0].ID
		}
		return err
	})
	return unit
}

// Clock is a business clock that a test sets.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	moves int64
	moved chan struct{}
}

// Set moves the clock.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now.UTC()
	c.moves++
	if c.moved != nil {
		close(c.moved)
	}
	c.moved = nil
}

// Now, Version, Simulated and Moved make it a clock.Business.
func (c *Clock) Now() time.Time  { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *Clock) Version() int64  { c.mu.Lock(); defer c.mu.Unlock(); return c.moves + 1 }
func (c *Clock) Simulated() bool { return true }
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.moved == nil {
		c.moved = make(chan struct{})
	}
	return c.moved
}

var _ clock.Business = (*Clock)(nil)

// Letters is an outbox that a test reads.
type Letters struct {
	mu     sync.Mutex
	drafts []outbox.Draft
}

// Append keeps the drafts.
func (l *Letters) Append(_ context.Context, _ pgx.Tx, drafts ...outbox.Draft) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drafts = append(l.drafts, drafts...)
	return nil
}

// Take hands out what was written since it was last asked.
func (l *Letters) Take() []outbox.Draft {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := slices.Clone(l.drafts)
	l.drafts = nil
	return taken
}
