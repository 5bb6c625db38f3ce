package reference

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
)

// holder is what those who keep the records have heard from the service: when their units go, and what is held.
type holder struct {
	due  map[uuid.UUID]string
	held map[uuid.UUID][]uuid.UUID    // holds by unit
	take map[uuid.UUID]events.DueUnit // what it shall destroy, since it was last asked
}

func newHolder() *holder {
	return &holder{map[uuid.UUID]string{}, map[uuid.UUID][]uuid.UUID{}, map[uuid.UUID]events.DueUnit{}}
}

// hear reads the letters that the service has written.
func (w *world) hear() {
	for _, letter := range w.bed.Out.Take() {
		switch said := letter.Data.(type) {
		case events.ClockStarted:
			w.holder.runs(said.Units)
		case events.ClockRecomputed:
			w.holder.runs(said.Units)
		case events.ClockCancelled:
			for _, u := range said.Units {
				delete(w.holder.due, u.Unit)
			}
		case events.HoldPlaced:
			for _, u := range said.Units {
				if !slices.Contains(w.holder.held[u], said.Hold) {
					w.holder.held[u] = append(w.holder.held[u], said.Hold)
				}
			}
		case events.HoldReleased:
			for _, u := range said.Units {
				w.holder.held[u] = slices.DeleteFunc(w.holder.held[u], func(h uuid.UUID) bool { return h == said.Hold })
			}
		case events.DisposalDue:
			for _, u := range said.Units {
				w.holder.take[u.Unit] = u
			}
		}
	}
}

func (h *holder) runs(units []events.ClockUnit) {
	for _, u := range units {
		h.due[u.Unit] = u.DueOn + " " + u.Rule
	}
}

// told compares what the holder knows of a living unit with the model.
func (w *world) told(l *life, id string) {
	x, unit, want := l.x[id], number(id), ""
	if !x.due.none() {
		want = x.due.String() + " " + x.rule
	}
	if got := w.holder.due[unit]; got != want {
		w.fail("%s: the holder of %s was told %q, model %q", w.now, id, got, want)
	}
	var holds, heard []string
	for name, h := range l.r.holds {
		if !h.released && l.r.covers(h, l.r.units[id]) {
			holds = append(holds, w.holds[name].String())
		}
	}
	for _, h := range w.holder.held[unit] {
		heard = append(heard, h.String())
	}
	slices.Sort(holds)
	slices.Sort(heard)
	if !slices.Equal(holds, heard) {
		w.fail("%s: the holder of %s knows of the holds %v, model %v", w.now, id, heard, holds)
	}
}

// answer is the holder's: mostly that the unit is gone.
func (w *world) answer(l *life, id string) {
	u := l.r.units[id]
	holder, key := events.CaseLinker, u.person
	if u.person == "" {
		holder, key = events.Intake, id
	}
	if w.oneIn(8, "declined") {
		w.decide(l, event{what: declined, unit: id})
		w.bed.Tx(func(tx pgx.Tx) error {
			w.apply(tx, events.TypeDisposalDeclined, key, events.DisposalDeclined{Holder: holder, Units: []events.DeclinedUnit{{Unit: number(id), Reason: "in-use"}}})
			return nil
		})
		return
	}
	x := l.x[id]
	gone := events.DisposedUnit{Unit: number(id), Rule: x.rule, DueOn: x.due.String(), DueAt: x.due.midnight(w.policy.zone)}
	for _, record := range u.records {
		gone.Records = append(gone.Records, events.DisposedRecord{Record: number(record), Category: u.category})
	}
	w.decide(l, event{what: disposed, unit: id})
	census.add("disposed by " + x.rule)
	if x.due != x.ends {
		census.add("disposed after a hold")
	}
	if len(x.paused) > 0 {
		census.add("taken despite a hold")
	}
	if strings.Contains(x.versions, " ") {
		census.add("shortened")
	}
	if x.due.midnight(w.policy.zone).Before(w.now) {
		census.add("disposed late")
	}
	w.bed.Tx(func(tx pgx.Tx) error {
		w.apply(tx, events.TypeRecordDisposed, key, events.RecordDisposed{Holder: holder, Units: []events.DisposedUnit{gone}, RemovedAt: w.now, UnrecoverableAt: w.now})
		return nil
	})
}
