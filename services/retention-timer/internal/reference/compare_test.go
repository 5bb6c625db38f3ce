package reference

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/watch"
)

// kept is a unit as the service has it.
type kept struct {
	state, rule, due, versions string
	held                       bool
	normal, ceiling, statutory string
	floor, absolute            string
}

// service reads every unit.
func (w *world) service() map[string]kept {
	rows, err := w.bed.DB.Query(context.Background(), `
		SELECT u.unit, u.state, u.rule, u.due_on, u.policy_version, u.held, u.bound_at, u.floor_on, u.absolute_at,
		       (SELECT min(c.due_on) FROM clock AS c WHERE c.unit = u.unit AND c.state = 'running' AND c.kind = 'normal'),
		       (SELECT min(c.due_on) FROM clock AS c WHERE c.unit = u.unit AND c.state = 'running' AND c.kind = 'ceiling')
		FROM unit AS u`)
	if err != nil {
		w.fail("read units: %v", err)
	}
	found := map[string]kept{}
	var id uuid.UUID
	var k kept
	var due, normal, ceiling, floor calendar.Date
	var bound, absolute *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &k.state, &k.rule, &due, &k.versions, &k.held, &bound, &floor, &absolute, &normal, &ceiling}, func() error {
		k.due, k.normal, k.ceiling, k.floor = orNone(due), orNone(normal), orNone(ceiling), orNone(floor)
		k.statutory, k.absolute = w.dayAt(bound, -time.Second), w.dayAt(absolute, 0)
		found[id.String()] = k
		return nil
	})
	if err != nil {
		w.fail("read units: %v", err)
	}
	return found
}

// dayAt is the local day of an instant, and of a second before it where that is what counts.
func (w *world) dayAt(at *time.Time, shift time.Duration) string {
	if at == nil {
		return "none"
	}
	return dayOf(at.Add(shift), w.policy.zone).String()
}

func orNone(d calendar.Date) string {
	if d.IsZero() {
		return "none"
	}
	return d.String()
}

// agree compares every unit of every life with the model.
func (w *world) agree() {
	w.t.Helper()
	w.hear()
	service := w.service()
	for _, l := range w.lives {
		l.look(w)
		for _, id := range l.units() {
			got, known := service[number(id).String()]
			if !known {
				w.fail("%s: the service does not know %s", w.now, id)
			}
			if want := keptBy(l.x[id], got); got != want {
				w.fail("%s: %s\n model   %+v\n service %+v", w.now, id, want, got)
			}
			if l.x[id].state != "gone" {
				w.told(l, id)
			}
		}
	}
}

// keptBy is how the service should have a unit. Of a unit that is gone, or has no date, less is said.
func keptBy(x expectation, got kept) kept {
	if x.state == "gone" {
		got.state = "disposed"
		return got
	}
	want := kept{
		state: x.state, rule: x.rule, due: x.due.String(), versions: x.versions, held: len(x.paused) > 0,
		normal: x.normal.String(), ceiling: x.ceiling.String(), statutory: x.statutory.String(),
		floor: x.floor.String(), absolute: x.absolute.String(),
	}
	if x.state == "idle" {
		want.versions = got.versions
	}
	return want
}

// midnight sweeps at the present time: the service must take exactly what the model says, by its dates and rules.
func (w *world) midnight() {
	w.deliver()
	taken, answer := map[uuid.UUID]events.DueUnit{}, map[*life][]string{}
	if w.oneIn(6, "a producer is behind") {
		taken = w.sweepBehind()
	}
	maps.Copy(taken, w.sweep(w.now, w.now))
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
		taken = w.sweep(w.now, behind)
	} else {
		taken = w.sweep(behind, w.now)
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
