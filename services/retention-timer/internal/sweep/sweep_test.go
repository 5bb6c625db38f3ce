package sweep_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/sweep"
	"gallra.se/services/retention-timer/internal/testbed"
)

func sweeper(b *testbed.Bed) *sweep.Sweep {
	return &sweep.Sweep{DB: b.DB, Out: b.Out, Committed: func() {}, Clock: b.Now}
}

// swept runs the sweep at the present time and returns what it told, by unit.
func swept(t *testing.T, b *testbed.Bed) map[uuid.UUID]outbox.Draft {
	t.Helper()
	b.Out.Take()
	if err := sweeper(b).Run(t.Context(), b.Now.Now()); err != nil {
		t.Fatal(err)
	}
	told := map[uuid.UUID]outbox.Draft{}
	for _, d := range b.Out.Take() {
		for _, u := range d.Data.(events.DisposalDue).Units {
			told[u.Unit] = d
		}
	}
	return told
}

func TestAUnitIsTakenAtItsInstantAndNotASecondBefore(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	for _, c := range []struct {
		now  string
		want int
	}{{"2024-02-29 00:00", 0}, {"2024-02-29 23:59", 0}, {"2024-03-01 00:00", 1}, {"2024-03-02 00:00", 0}} {
		b.Now.Set(testbed.At(c.now))
		b.Passed()
		if got := swept(t, b); len(got) != c.want {
			t.Errorf("%s: %d units were due, want %d", c.now, len(got), c.want)
		}
	}
	if u := b.Unit(id); u.State != store.Due {
		t.Errorf("the unit is %s while its holder's answer is awaited", u.State)
	}
}

func TestNothingIsTakenBeforeEveryProducerHasSpoken(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Contact("contact.chat", "2024-01-31")
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	s := sweeper(b)
	for _, step := range []struct {
		passed *store.Awaited
		waits  []string
	}{
		{nil, []string{events.CaseLinker, events.Intake}},
		{&consume.Awaited[0], []string{events.CaseLinker}},
		{&consume.Awaited[1], nil},
	} {
		if step.passed != nil {
			b.PassedBy(*step.passed)
		}
		_, some, err := s.Agenda().Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		state, _ := s.Report(t.Context())
		if !slices.Equal(state.WaitsFor, step.waits) || (state.Busy > 0) != (step.waits != nil) || some != (step.waits == nil) {
			t.Errorf("after %v: waits for %v, busy %d, next %v", step.passed, state.WaitsFor, state.Busy, some)
		}
		if got := len(swept(t, b)); (got == 1) != (step.waits == nil) {
			t.Errorf("after %v: %d units taken", step.passed, got)
		}
	}
}

func TestALateEventMakesAUnitDueAtOnceWithItsOwnDate(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-06-01 12:00"))
	b.Passed()
	id := b.Contact("contact.chat", "2024-01-31")
	told, ok := swept(t, b)[id]
	if !ok || told.Data.(events.DisposalDue).Units[0].DueOn != "2024-03-01" {
		t.Errorf("%v %+v", ok, told)
	}
}

func TestWhatGoesAtOneInstantForOnePersonGoesInOneEvent(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p, q := b.Registered("2021-01-04"), b.Registered("2021-01-04")
	c := p.Open("2021-01-04")
	for _, x := range []testbed.Person{p, q} {
		x.Deregister("2022-05-16")
	}
	c.Close("2022-05-16")
	b.Now.Set(testbed.At("2024-07-17 00:00"))
	b.Passed()
	told := swept(t, b)
	if len(told) != 3 || told[p.ID].Key != told[c.Share].Key || told[p.ID].Key == told[q.ID].Key || told[p.ID].Key != p.ID.String() {
		t.Errorf("%v", told)
	}
	if n := len(told[p.ID].Data.(events.DisposalDue).Units); n != 2 {
		t.Errorf("the person's event carries %d units", n)
	}
}

func TestContactsOfOnePartitionShareAnEvent(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	for range 40 {
		b.Contact("contact.chat", "2024-01-31")
	}
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	b.Passed()
	letters := map[string]int{}
	for id, d := range swept(t, b) {
		if bus.Partition(d.Key) != bus.Partition(id.String()) {
			t.Errorf("unit of partition %d was told in partition %d", bus.Partition(id.String()), bus.Partition(d.Key))
		}
		letters[d.Key]++
	}
	if len(letters) > bus.Partitions {
		t.Errorf("%d events for 40 contacts", len(letters))
	}
}

func TestAParkedKeyAndAHeldUnitStay(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	parked, held, free := b.Contact("contact.chat", "2024-01-31"), b.Contact("contact.chat", "2024-01-31"), b.Contact("contact.chat", "2024-01-31")
	exec(t, b, `INSERT INTO bus_parked (key, event, stream, type, payload, reason, parked_at)
		VALUES ($1, gen_random_uuid(), 'EV_CONTACT', 't', '', 'r', '2024-01-01')`, parked.String())
	exec(t, b, `INSERT INTO hold (authority, hold, scope, target, reason, placed_at, review_at)
		VALUES ($1, gen_random_uuid(), 'record', $2, 'court', '2024-01-01', '2024-06-01')`, testbed.AF, held)
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	b.Passed()
	told := swept(t, b)
	if _, ok := told[free]; !ok || len(told) != 1 {
		t.Errorf("%d units were taken, the free one %v", len(told), ok)
	}
	if _, some, err := sweeper(b).Agenda().Next(t.Context()); some || err != nil {
		t.Errorf("units that cannot be taken keep the agenda awake: %v", err)
	}
}

func exec(t *testing.T, b *testbed.Bed, sql string, args ...any) {
	t.Helper()
	if _, err := b.DB.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestTwoSweepsTogetherTellEachUnitOnce(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	exec(t, b, `INSERT INTO unit (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, claim_at)
		SELECT $1, id, 'intake', 'contact', id::text, n % 16, 'running', 'AFC-21', 'contact-ended', '2024-03-01', $2, $2
		FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, 1700) AS n) AS g`, testbed.AF, testbed.At("2024-03-01 00:00"))
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	b.Passed()
	b.Out.Take()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := sweeper(b).Run(context.Background(), b.Now.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	seen := map[uuid.UUID]int{}
	for _, d := range b.Out.Take() {
		units := d.Data.(events.DisposalDue).Units
		if len(units) > events.MaxUnits {
			t.Errorf("an event carries %d units", len(units))
		}
		for _, u := range units {
			seen[u.Unit]++
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("unit %s was told %d times", id, n)
		}
	}
	if len(seen) != 1700 {
		t.Errorf("%d of 1700 units were told", len(seen))
	}
}
