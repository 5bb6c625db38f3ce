package reference

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// kept is a unit as the service has it.
type kept struct {
	state, rule, due, versions string
	held                       bool
	normal, ceiling, statutory string
	floor, absolute            string
	late                       bool
}

// service reads every unit.
func (w *world) service() map[string]kept {
	rows, err := w.bed.DB.Query(context.Background(), `
		SELECT u.unit, u.state, u.rule, u.due_on, u.policy_version, u.held, u.bound_at, u.floor_on, u.absolute_at, u.overdue_because = 'late-event',
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
	_, err = pgx.ForEachRow(rows, []any{&id, &k.state, &k.rule, &due, &k.versions, &k.held, &bound, &floor, &absolute, &k.late, &normal, &ceiling}, func() error {
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
			if want := keptBy(l.x[id], plain(l.r.units[id]), got); got != want {
				w.fail("%s: %s\n model   %+v\n service %+v", w.now, id, want, got)
			}
			if l.x[id].state != "gone" {
				w.told(l, id)
			}
		}
	}
}

// plain is a contact whose date follows from its recording alone.
func plain(u *unit) bool {
	return !u.endedOn.none() && u.extendedUntil.none() && u.category != consented
}

// keptBy is how the service should have a unit. Of a unit that is gone, or has no date, less is said.
func keptBy(x expectation, contact bool, got kept) kept {
	if x.state == "gone" {
		got.state = "disposed"
		return got
	}
	want := kept{
		state: x.state, rule: x.rule, due: x.due.String(), versions: x.versions, held: len(x.paused) > 0,
		normal: x.normal.String(), ceiling: x.ceiling.String(), statutory: x.statutory.String(),
		floor: x.floor.String(), absolute: x.absolute.String(), late: x.late,
	}
	if !contact || x.due != x.ends {
		want.late = got.late
	}
	if x.state == "idle" {
		want.versions = got.versions
	}
	return want
}
