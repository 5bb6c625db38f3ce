package clock_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
)

// said is a part of an instance that says what a test lets it say.
type said struct {
	mu    sync.Mutex
	state clock.State
	asked func(s *clock.State) // where set, has the last word
}

func (p *said) Report(context.Context) (clock.State, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.state
	if p.asked != nil {
		p.asked(&s)
	}
	return s, nil
}

func (p *said) share(rank, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Share = clock.Share{Rank: rank, Of: of}
}

func sharing(rank, of int) *said {
	return &said{state: clock.State{Share: clock.Share{Rank: rank, Of: of}}}
}

// instance joins on a connection of its own, whose end nobody is told of.
func instance(t *testing.T, nc *nats.Conn, service, name string, parts ...clock.Reporting) (f *clock.Follower, kill func()) {
	t.Helper()
	own := bustest.Connect(t, nc.ConnectedUrl())
	f, err := clock.Follow(context.Background(), own)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clock.Join(context.Background(), own, clock.NodeConfig{Service: service, Instance: name, Business: f, Parts: parts}); err != nil {
		t.Fatal(err)
	}
	return f, own.Close
}

func TestNothingSettlesWhilePartitionsAreNobodys(t *testing.T) {
	t.Parallel()
	c, nc := coordinate(t, &memory{}, "a")
	part := sharing(0, 2)
	instance(t, nc, "a", "1", part)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := c.Advance(ctx, start.Add(time.Hour)); !errors.Is(err, clock.ErrUnsettled) {
		t.Fatalf("settled with one of two shares: %v", err)
	}
	part.share(0, 1)
	if _, err := c.Advance(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
}

func TestAKilledInstanceHoldsTimeUpUntilAnotherHasTakenItsShareAndNoLonger(t *testing.T) {
	t.Parallel()
	c, nc := coordinate(t, &memory{}, "a")
	survivor, inherited := sharing(0, 2), start.Add(2*time.Hour)
	var left list
	agenda := left.agenda()
	f, _ := instance(t, nc, "a", "1", survivor, agenda)
	go func() { _ = agenda.Loop(t.Context(), f) }()
	deadline := sharing(1, 2)
	deadline.state.Next = inherited // only this one knows of it
	_, kill := instance(t, nc, "a", "2", deadline)
	if _, err := c.Advance(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	kill()
	go func() {
		if clock.Sleep(t.Context(), 700*time.Millisecond) == nil { // the next look at the seats
			left.mu.Lock()
			left.deadlines = []time.Time{inherited}
			left.mu.Unlock()
			agenda.Poke()
			survivor.share(0, 1)
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := c.Advance(ctx, start.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if len(left.ran) != 1 || !left.ran[0].Equal(inherited) {
		t.Errorf("what the killed one left was done at %v", left.ran)
	}
}

func TestACoordinatorThatStartsAnewWaitsForAllSharesOfAService(t *testing.T) {
	t.Parallel()
	nc := bustest.Server(t)
	ctx, stop := context.WithCancel(t.Context())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	store := &memory{}
	first, err := clock.NewCoordinator(ctx, nc, store, start, []string{"a"}, log)
	if err != nil {
		t.Fatal(err)
	}
	slow := sharing(1, 2)
	slow.asked = func(*clock.State) { _ = clock.Sleep(t.Context(), 10*time.Millisecond) }
	instance(t, nc, "a", "1", sharing(0, 2))
	_, kill := instance(t, nc, "a", "2", slow)
	if _, err := first.Advance(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	stop()
	again, err := clock.NewCoordinator(t.Context(), nc, store, start, []string{"a"}, log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Advance(t.Context(), start.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	kill()
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := again.Advance(short, start.Add(3*time.Hour)); !errors.Is(err, clock.ErrUnsettled) {
		t.Errorf("settled without the other half: %v", err)
	}
}

func TestWorkThatOneInstanceStillTakesForUndoneIsNotLeaptOver(t *testing.T) {
	t.Parallel()
	c, nc := coordinate(t, &memory{}, "a", "b")
	first, second := start.Add(time.Hour), start.Add(2*time.Hour)
	done := &list{deadlines: []time.Time{first}}
	agenda := done.agenda()
	f, _ := instance(t, nc, "a", "1", agenda)
	go func() { _ = agenda.Loop(t.Context(), f) }()
	var behind *clock.Follower
	var since time.Time
	late := &said{asked: func(s *clock.State) { // has not looked again after another did the work
		if behind == nil || !behind.Now().Equal(first) {
			return
		}
		if since.IsZero() {
			since = clock.PaceNow()
		}
		if clock.PaceNow().Sub(since) < 100*time.Millisecond {
			s.Next = first
		}
	}}
	other, _ := instance(t, nc, "a", "2", late)
	late.mu.Lock()
	behind = other
	late.mu.Unlock()
	later := &list{deadlines: []time.Time{second}}
	follow(t, nc, "b", later)
	if _, err := c.Advance(t.Context(), start.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if len(done.ran) != 1 || len(later.ran) != 1 || !later.ran[0].Equal(second) {
		t.Errorf("a ran at %v, b at %v, expected %v", done.ran, later.ran, second)
	}
}

func TestADeadlineThatNobodyToldOfIsFound(t *testing.T) {
	t.Parallel()
	looked := make(chan struct{}, 10)
	var once sync.Once
	ran := make(chan struct{})
	hidden := &list{}
	a := hidden.agenda()
	next, run := a.Next, a.Run
	a.Next = func(ctx context.Context) (time.Time, bool, error) { looked <- struct{}{}; return next(ctx) }
	a.Run = func(ctx context.Context, now time.Time) error { once.Do(func() { close(ran) }); return run(ctx, now) }
	go func() { _ = a.Loop(t.Context(), clock.Real()) }()
	<-looked
	hidden.mu.Lock()
	hidden.deadlines = []time.Time{start} // another instance has made it
	hidden.mu.Unlock()
	select {
	case <-ran:
	case <-clock.After(30 * time.Second):
		t.Error("it was never found")
	}
}
