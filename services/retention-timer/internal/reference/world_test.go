package reference

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	packs "gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/consume"
	holddesk "gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/sweep"
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
	e.n = w.n
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

// deliver brings all that was decided: each key in its order, the keys in any, and some of it twice.
func (w *world) deliver() {
	if len(w.unsent) == 0 {
		return
	}
	queues := map[string][]event{}
	for _, e := range w.unsent {
		queues[e.key] = append(queues[e.key], e)
	}
	w.unsent = nil
	w.bed.Tx(func(tx pgx.Tx) error {
		for len(queues) > 0 {
			keys := slices.Sorted(maps.Keys(queues))
			key := keys[0]
			if len(keys) > 1 {
				key = oneOf(w, keys, "next key")
			}
			e := queues[key][0]
			w.bring(tx, e)
			if w.last[key] = e; w.within(0, 7, "twice") == 0 {
				w.bring(tx, e)
			}
			if queues[key] = queues[key][1:]; len(queues[key]) == 0 {
				delete(queues, key)
			}
		}
		return nil
	})
}

// again brings the latest fact of some key once more.
func (w *world) again() {
	if len(w.last) == 0 {
		return
	}
	e := w.last[oneOf(w, slices.Sorted(maps.Keys(w.last)), "key told again")]
	if e.what != recorded && !w.alive(e.key) {
		return // only the inbox knows what was told of what is forgotten
	}
	w.bed.Tx(func(tx pgx.Tx) error { w.bring(tx, e); return nil })
}

// alive says that something of the person or group is left.
func (w *world) alive(key string) bool {
	for _, l := range w.lives {
		l.look(w)
		for id, u := range l.r.units {
			if (u.person == key || u.group == key) && l.x[id].state != "gone" {
				return true
			}
		}
	}
	return false
}

func (w *world) bring(tx pgx.Tx, e event) {
	eventType, payload := wire(w.policy, e)
	w.apply(tx, eventType, e.key, payload)
}

func (w *world) apply(tx pgx.Tx, eventType, key string, payload any) {
	handle, known := w.bed.Desk.Handlers()[eventType]
	if !known {
		return
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		w.fail("%s: %v", eventType, err)
	}
	id := number(key).String()
	ev := bus.Event{CE: cloudevents.New(), ID: uuid.New(), Type: eventType, Authority: w.policy.name, Key: id, Partition: bus.Partition(id)}
	ev.CE.SetTime(w.now)
	if err := ev.CE.SetData(cloudevents.ApplicationJSON, raw); err != nil {
		w.fail("%s: %v", eventType, err)
	}
	if err := handle(context.Background(), tx, ev); err != nil {
		w.fail("%s was not taken: %v", eventType, err)
	}
}

// sweep runs the service's sweep, after the producers have said up to when all is told, and returns what it told to destroy.
func (w *world) sweep(intake, caseLinker time.Time) map[uuid.UUID]events.DueUnit {
	w.bed.Tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE watermark SET at = CASE service WHEN $1 THEN $2::timestamptz ELSE $3 END`, events.Intake, intake, caseLinker)
		return err
	})
	s := &sweep.Sweep{DB: w.bed.DB, Out: w.bed.Out, Committed: func() {}, Clock: w.bed.Now}
	if err := s.Run(context.Background(), w.now); err != nil {
		w.fail("sweep: %v", err)
	}
	w.hear()
	taken := w.holder.take
	w.holder.take = map[uuid.UUID]events.DueUnit{}
	return taken
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
