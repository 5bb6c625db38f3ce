package intake_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/intake/internal/store"
)

// other is one more instance on the world's databases and keystore, with connections and a keyring of its own.
func (w *world) other() *world {
	w.t.Helper()
	o := *w
	var err error
	o.db, err = pg.Open(w.t.Context(), w.db.Config().ConnString(), pg.MaxConns(8))
	must(w.t, err)
	w.t.Cleanup(o.db.Close)
	o.keys, err = pg.Open(w.t.Context(), w.keys.Config().ConnString(), pg.MaxConns(4))
	must(w.t, err)
	w.t.Cleanup(o.keys.Close)
	o.ring, err = keyring.Open(w.t.Context(), o.keys, w.store)
	must(w.t, err)
	o.nc = bustest.Connect(w.t, w.nc.ConnectedUrl())
	o.run()
	return &o
}

// shared waits until n instances share the partitions.
func (w *world) shared(n int) {
	w.t.Helper()
	for range 200 {
		inbox := w.nc.NewRespInbox()
		sub, err := w.nc.SubscribeSync(inbox)
		must(w.t, err)
		must(w.t, w.nc.PublishRequest(clock.SubjectReport, inbox, nil))
		var all []clock.Report
		for {
			m, err := sub.NextMsg(100 * time.Millisecond)
			if err != nil {
				break
			}
			var r clock.Report
			must(w.t, json.Unmarshal(m.Data, &r))
			all = append(all, r)
		}
		_ = sub.Unsubscribe()
		if len(all) == n && all[0].Share.Of == n && len(clock.Divided(all)) == 0 {
			return
		}
	}
	w.t.Fatalf("%d instances never share the partitions", n)
}

// gone counts how often each unit was said to be disposed of.
func (w *world) gone() map[uuid.UUID]int {
	w.t.Helper()
	rows, err := w.db.Query(w.t.Context(), `SELECT payload FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%record.disposed%'`)
	must(w.t, err)
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	must(w.t, err)
	units := map[uuid.UUID]int{}
	for _, payload := range payloads {
		var e struct{ Data events.RecordDisposed }
		must(w.t, json.Unmarshal(payload, &e))
		for _, u := range e.Data.Units {
			units[u.Unit]++
		}
	}
	return units
}

func TestTwoInstancesTakeInAndDisposeAndOneIsStoppedInTheMidst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.other()
	w.shared(2)
	const contacts = 120
	ids := map[string]*world{}
	for n := range contacts {
		by, reads := w, o
		if n%2 == 1 {
			by, reads = o, w
		}
		ids[by.accepted(irrelevant("call-1", fmt.Sprint("call-", n)))] = reads
	}
	for id, reads := range ids {
		if r := reads.read(id); r.Status != http.StatusOK {
			t.Errorf("a contact that the other instance took in answers %d", r.Status)
		}
	}
	recorded := map[uuid.UUID]events.ContactRecorded{}
	for range contacts {
		c := w.recorded()
		recorded[c.Unit] = c
	}
	w.clock.set("2025-05-01T00:00:00+02:00")
	for n, unit := range slices.Collect(maps.Keys(recorded)) {
		c := recorded[unit]
		w.publish("retention", events.TypeDisposalDue, c.Contact.String(), events.DisposalDue{Holder: events.Intake,
			Units: []events.DueUnit{w.due(c, "AFC-02", "2025-05-01", "2025-05-01T00:00:00+02:00")}})
		if n == contacts/2 {
			o.stop()
		}
	}
	for range 2000 {
		if len(w.gone()) == contacts || clock.Sleep(t.Context(), 10*time.Millisecond) != nil {
			break
		}
	}
	gone := w.gone()
	if len(gone) != contacts {
		t.Errorf("%d of %d are gone", len(gone), contacts)
	}
	for unit, n := range gone {
		if n != 1 {
			t.Errorf("unit %s is told of %d times", unit, n)
		}
		for _, ring := range []*keyring.Ring{w.ring, o.ring} {
			if _, err := ring.Unit(t.Context(), keyring.UnitRef{Authority: af, ID: unit}); !errors.Is(err, keyring.ErrDestroyed) {
				t.Errorf("its key answers %v", err)
			}
		}
	}
	if rows := w.rows(); rows["contact"] != 0 || rows["intent"] != 0 {
		t.Errorf("left: %v", rows)
	}
	w.shared(1)
}

func TestASweepOfOneInstanceLeavesWhatAnotherIsMaking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.other()
	var sending sync.WaitGroup
	for n := range 40 {
		sending.Go(func() { o.accepted(irrelevant("call-1", fmt.Sprint("call-", n))) })
	}
	now, destroyed := clock.PaceNow(), 0
	for range 20 {
		n, err := w.ring.Sweep(t.Context(), now.Add(keyring.OrphanAfter-time.Second), store.Alive(w.db))
		must(t, err)
		destroyed += n
	}
	sending.Wait()
	if destroyed > 0 {
		t.Errorf("%d keys were destroyed while their rows were on the way", destroyed)
	}
	n, err := w.ring.Sweep(t.Context(), clock.PaceNow().Add(2*keyring.OrphanAfter), store.Alive(w.db))
	must(t, err)
	if n > 0 {
		t.Errorf("%d keys of living contacts were destroyed", n)
	}
}
