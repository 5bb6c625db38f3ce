package sweep_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

func TestSweepsOfTwoInstancesTellOfEachPersonInOneEvent(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	const persons = 3000 // with two units each: more than one transaction takes
	exec(t, b, `INSERT INTO unit (authority, unit, holder, kind, key, partition, person, state, rule, trigger, due_on, due_at, claim_at)
		SELECT $1, gen_random_uuid(), 'case-linker', kind, id::text, n % 16, id, 'running', 'AFC-13', 'deregistered', '2026-01-01', $2, $2
		FROM unnest(ARRAY['identity', 'share']) AS kind, (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $3::int) AS n) AS g`,
		testbed.AF, testbed.At("2026-01-01 00:00"), persons)
	b.Now.Set(testbed.At("2026-01-01 00:00"))
	b.Passed()
	b.Out.Take()
	var sweeps sync.WaitGroup
	for range 2 {
		sweeps.Go(func() {
			if err := sweeper(b).Run(t.Context(), b.Now.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	sweeps.Wait()
	letters, told := map[string]int{}, 0
	for _, d := range b.Out.Take() {
		letters[d.Key]++
		told += len(d.Data.(events.DisposalDue).Units)
	}
	if told != 2*persons || len(letters) != persons {
		t.Errorf("told of %d units of %d persons, expected %d of %d", told, len(letters), 2*persons, persons)
	}
	for person, n := range letters {
		if n != 1 {
			t.Errorf("person %s is told of in %d events", person, n)
		}
	}
}

func TestAnInstanceDoesNotWaitForAWatermarkThatAnotherOneHears(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	mine := bus.Partition(id.String())
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	b.PassedBy(consume.Awaited[0])
	for name, c := range map[string]struct {
		share []int
		waits bool
	}{"its own partition": {[]int{mine}, true}, "another's": {[]int{(mine + 1) % bus.Partitions}, false}, "none yet": {nil, false}} {
		s := sweeper(b)
		s.Mine = func() []int { return c.share }
		if _, some, err := s.Agenda().Next(t.Context()); err != nil || some {
			t.Errorf("%s: it can be taken: %v", name, err)
		}
		if state, _ := s.Report(t.Context()); (state.Busy > 0) != c.waits {
			t.Errorf("%s: reports %+v", name, state)
		}
	}
	b.PassedBy(consume.Awaited[1])
	s := sweeper(b)
	s.Mine = func() []int { return nil }
	if err := s.Run(t.Context(), b.Now.Now()); err != nil || b.Unit(id).State != store.Due {
		t.Errorf("whoever comes first takes it: %s, %v", b.Unit(id).State, err)
	}
}

func TestWhatIsTakenOfOnePersonIsAllThatMayGo(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	const persons, kinds = 40, 3
	exec(t, b, `INSERT INTO unit (authority, unit, holder, kind, key, partition, person, state, rule, trigger, due_on, due_at, claim_at)
		SELECT $1, gen_random_uuid(), 'case-linker', 'share', id::text, n % 16, id, 'running', 'AFC-13', 'deregistered', '2026-01-01', $2, $2
		FROM generate_series(1, $4::int), (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $3::int) AS n) AS g`,
		testbed.AF, testbed.At("2026-01-01 00:00"), persons, kinds)
	b.Now.Set(testbed.At("2026-01-01 00:00"))
	b.Passed()
	b.Tx(func(tx pgx.Tx) error {
		for _, limit := range []int{1, 7, persons, kinds * persons} {
			taken, err := store.Take(t.Context(), tx, b.Now.Now(), limit)
			if err != nil {
				return err
			}
			of := map[uuid.UUID]int{}
			for _, u := range taken {
				of[u.Person]++
			}
			for _, n := range of {
				if n != kinds {
					t.Errorf("of %d taken, %d of the %d units of a person", limit, n, kinds)
				}
			}
			if len(taken) < limit {
				t.Errorf("%d taken of %d", len(taken), limit)
			}
		}
		return nil
	})
}
