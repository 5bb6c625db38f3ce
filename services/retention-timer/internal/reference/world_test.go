package reference

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	packs "gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/consume"
	holddesk "gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

// world is one authority's time, in the model and in the service: some lives, one clock, what was decided and what of it
// the bus has brought.
type world struct {
	t      reporter
	dice   dice
	bed    *testbed.Bed
	policy policy
	now    time.Time
	lives  []*life
	n      int
	unsent []event              // decided and not brought yet
	last   map[string]event     // the latest that was brought, by key
	holds  map[string]uuid.UUID // as the service knows them
	holder *holder
	marks  marks
}

// reporter is a test, or one of rapid's.
type reporter interface {
	Helper()
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func newWorld(t reporter, bed *testbed.Bed, d dice) *world {
	return &world{t: t, dice: d, bed: bed, last: map[string]event{}, holds: map[string]uuid.UUID{}, holder: newHolder()}
}

// begin gives the world an authority with its first policy.
func (w *world) begin(a authority) {
	w.bed.Desk.Policy = packs.Default().Clone()
	w.policy = policy{authority: a}
	w.policy.original = w.pack().Version
}

// tables that a world fills.
var tables = strings.Fields("unit clock record hold person_fact group_fact trail alarm tally_part watermark policy_activation policy_recompute policy_plan")

// empty makes a bed's tables ready for the nth world. To truncate is dear, and dead rows get in the way.
func empty(bed *testbed.Bed, nth int) {
	clear := "TRUNCATE " + strings.Join(tables, ", ")
	if nth%20 != 0 {
		clear = "DELETE FROM " + strings.Join(tables, "; DELETE FROM ")
	}
	bed.Tx(func(tx pgx.Tx) error {
		ctx := context.Background()
		if _, err := tx.Exec(ctx, clear); err != nil {
			return err
		}
		return store.AwaitWatermarks(ctx, tx, consume.Awaited, bus.Partitions)
	})
	bed.Out.Take()
}

func (w *world) today() date { return dayOf(w.now, w.policy.zone) }

// decide lets something happen. What a bus brings waits; a hold is asked for at once, when everything before is known.
func (w *world) decide(l *life, e event) {
	w.n++
	e.n, e.told = w.n, w.now
	if e.at.IsZero() {
		e.at = w.now
	}
	switch e.what {
	case placed, released:
		w.deliver()
		w.call(e)
	case disposed, declined:
	default:
		w.unsent = append(w.unsent, e)
	}
	l.events = append(l.events, e)
	census.add(string(e.what))
	l.look(w)
}

// call is one to the hold desk.
func (w *world) call(e event) {
	desk := &holddesk.Desk{Desk: w.bed.Desk.Desk, DB: w.bed.DB, Clock: w.bed.Now, Changed: func() {}, Patience: time.Nanosecond}
	if e.what == released {
		if err := desk.Release(context.Background(), w.policy.name, w.holds[e.hold]); err != nil {
			w.fail("release %s: %v", e.hold, err)
		}
		return
	}
	h, err := desk.Place(context.Background(), w.policy.name, holddesk.Request{Scope: e.scope, Target: number(e.target), Reason: e.reason})
	if err != nil {
		w.fail("hold %s: %v", e.hold, err)
	}
	w.holds[e.hold] = h.ID
}

func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	for _, l := range w.lives {
		if len(l.events) > 0 {
			w.t.Logf("%s\n%s", l.name, l)
		}
	}
	w.t.Fatalf(format, args...)
}
