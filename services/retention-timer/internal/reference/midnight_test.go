package reference

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/sweep"
	"gallra.se/services/retention-timer/internal/watch"
)

// passTo moves the clock through every instant at which something should go: the second before, and the instant.
func (w *world) passTo(to time.Time) {
	w.deliver()
	for {
		next := w.nextDue()
		if next.IsZero() || next.After(to) {
			break
		}
		if before := next.Add(-time.Second); before.After(w.now) {
			w.set(before)
			w.midnight()
		}
		w.set(next)
		w.midnight()
	}
	if to.After(w.now) {
		w.set(to)
		w.midnight()
	}
	w.agree()
}

func (w *world) set(now time.Time) {
	w.now = now
	w.bed.Now.Set(now)
}

// nextDue is the next instant after now at which the model expects something of some unit.
func (w *world) nextDue() (next time.Time) {
	for _, l := range w.lives {
		l.look(w)
		for _, id := range l.units() {
			for _, d := range l.x[id].instants {
				if at := d.midnight(w.policy.zone); !d.none() && at.After(w.now) && (next.IsZero() || at.Before(next)) {
					next = at
				}
			}
		}
	}
	return next
}

// midnight sweeps at the present time: the service must take exactly what the model says, by its dates and rules.
func (w *world) midnight() {
	w.deliver()
	taken, answer := map[uuid.UUID]events.DueUnit{}, map[*life][]string{}
	if w.oneIn(6, "a producer is behind") {
		taken = w.sweepBehind()
	}
	maps.Copy(taken, w.sweep(marks{abreast, abreast}))
	for _, l := range w.lives {
		l.look(w)
		for _, id := range l.units() {
			x := l.x[id]
			told, is := taken[number(id)]
			if is != x.take {
				w.fail("%s: %s taken %v, model %v: %+v", w.now, id, is, x.take, x)
			}
			if !is {
				continue
			}
			delete(taken, number(id))
			if told.DueOn != x.due.String() || told.Rule != x.rule || told.PolicyVersion != x.versions || told.DespiteHolds != (len(x.paused) > 0) ||
				!told.DueAt.Equal(x.due.midnight(w.policy.zone)) {
				w.fail("%s: %s is told as %+v, model %+v", w.now, id, told, x)
			}
			answer[l] = append(answer[l], id)
		}
	}
	for unknown := range taken {
		w.fail("%s: the sweep took %s, which no life knows", w.now, unknown)
	}
	for _, l := range w.lives {
		for _, id := range answer[l] {
			w.answer(l, id)
		}
	}
	w.alarms()
}

// sweepBehind sweeps while one producer has said that all is told only of the time before the present second. What is due
// now must stay: a fact about it may be under way.
func (w *world) sweepBehind() map[uuid.UUID]events.DueUnit {
	behind := w.now.Add(-time.Second)
	var taken map[uuid.UUID]events.DueUnit
	if w.oneIn(2, "which producer") {
		taken = w.sweep(marks{abreast, behind})
	} else {
		taken = w.sweep(marks{behind, abreast})
	}
	for id, u := range taken {
		if u.DueAt.After(behind) {
			w.fail("%s: %s was taken although a producer is behind", w.now, id)
		}
	}
	return taken
}

// alarms: every unit that lives after its last day by law has one, and no other.
func (w *world) alarms() {
	if !w.bounded() {
		return
	}
	ctx := context.Background()
	if err := watch.Bounds(w.bed.DB).Run(ctx, w.now); err != nil {
		w.fail("look at the bounds: %v", err)
	}
	open, err := store.Alarms(ctx, w.bed.DB, w.policy.name)
	if err != nil {
		w.fail("%v", err)
	}
	raised := map[string]bool{}
	for _, a := range open {
		raised[a.Subject] = a.Name == store.BoundExceeded
	}
	for _, l := range w.lives {
		l.look(w)
		for _, id := range l.units() {
			if alarm := raised[number(id).String()]; alarm != l.x[id].exceeded {
				w.fail("%s: alarm for %s %v, model %+v", w.now, id, alarm, l.x[id])
			}
			if l.x[id].exceeded {
				census.add("bound of law exceeded")
			}
		}
	}
}

// bounded says that law bounds some unit.
func (w *world) bounded() bool {
	for _, l := range w.lives {
		l.look(w)
		for _, x := range l.x {
			if !x.statutory.none() {
				return true
			}
		}
	}
	return false
}

// marks are up to when the producers have said that all is told.
type marks struct{ intake, caseLinker time.Time }

// abreast is a time that no world reaches.
var abreast = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// sweep runs the service's sweep, after the producers have spoken, and returns what it told to destroy.
func (w *world) sweep(said marks) map[uuid.UUID]events.DueUnit {
	if said != w.marks {
		w.marks = said
		w.bed.Tx(func(tx pgx.Tx) error {
			_, err := tx.Exec(context.Background(), `UPDATE watermark SET at = CASE service WHEN $1 THEN $2::timestamptz ELSE $3 END`,
				events.Intake, said.intake, said.caseLinker)
			return err
		})
	}
	s := &sweep.Sweep{DB: w.bed.DB, Out: w.bed.Out, Committed: func() {}, Clock: w.bed.Now}
	if err := s.Run(context.Background(), w.now); err != nil {
		w.fail("sweep: %v", err)
	}
	w.hear()
	taken := w.holder.take
	w.holder.take = map[uuid.UUID]events.DueUnit{}
	return taken
}
