package sweep_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

func TestSweepsOfTwoInstancesTellOfEachPersonInOneEvent(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	const persons = 400 // with two units each: more than one sweep takes at a time
	units := map[uuid.UUID]string{}
	for range persons {
		p := b.Registered("2021-01-04")
		c := p.Open("2021-01-04")
		p.Deregister("2021-03-31")
		c.Close("2021-03-31")
		units[p.ID], units[c.Share] = p.ID.String(), p.ID.String()
	}
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
	if told != len(units) || len(letters) != persons {
		t.Errorf("told of %d units of %d persons, expected %d of %d", told, len(letters), len(units), persons)
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
