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
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

var start = time.Date(2024, 1, 31, 13, 0, 0, 0, time.UTC)

// memory is a Store for tests that are not about the table.
type memory struct {
	mu sync.Mutex
	r  clock.Reading
}

func (m *memory) Load(context.Context) (clock.Reading, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.r, m.r.Version > 0, nil
}

func (m *memory) Save(_ context.Context, r clock.Reading) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.r = r
	return nil
}

func coordinate(t *testing.T, store clock.Store, expect ...string) (*clock.Coordinator, *nats.Conn) {
	t.Helper()
	nc := bustest.Server(t)
	c, err := clock.NewCoordinator(t.Context(), nc, store, start, expect, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return c, nc
}

// list is an agenda over a list of deadlines; it notes when each was run, and may add more.
type list struct {
	mu        sync.Mutex
	deadlines []time.Time
	ran       []time.Time
	adds      map[time.Time]time.Time
}

func (l *list) agenda() *clock.Agenda {
	return &clock.Agenda{Name: "list",
		Next: func(context.Context) (time.Time, bool, error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			if len(l.deadlines) == 0 {
				return time.Time{}, false, nil
			}
			return l.deadlines[0], true, nil
		},
		Run: func(_ context.Context, now time.Time) error {
			l.mu.Lock()
			defer l.mu.Unlock()
			for len(l.deadlines) > 0 && !l.deadlines[0].After(now) {
				if next, ok := l.adds[l.deadlines[0]]; ok {
					l.deadlines = append(l.deadlines, next)
				}
				l.deadlines = l.deadlines[1:]
				l.ran = append(l.ran, now)
			}
			return nil
		}}
}

func follow(t *testing.T, nc *nats.Conn, service string, l *list) {
	t.Helper()
	f, err := clock.Follow(t.Context(), nc)
	if err != nil {
		t.Fatal(err)
	}
	a := l.agenda()
	if _, err := clock.Join(t.Context(), nc, clock.NodeConfig{Service: service, Instance: "1", Business: f, Parts: []clock.Reporting{a}}); err != nil {
		t.Fatal(err)
	}
	go func() { _ = a.Loop(t.Context(), f) }()
}

func TestAdvanceStopsAtEveryDeadlineOfEveryService(t *testing.T) {
	t.Parallel()
	c, nc := coordinate(t, &memory{}, "a", "b")
	h := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	a := &list{deadlines: []time.Time{h(1), h(5)}, adds: map[time.Time]time.Time{h(5): h(6)}}
	b := &list{deadlines: []time.Time{h(3)}}
	follow(t, nc, "a", a)
	follow(t, nc, "b", b)
	if _, err := c.Advance(t.Context(), h(7)); err != nil {
		t.Fatal(err)
	}
	want := []time.Time{h(1), h(5), h(6)}
	if len(a.ran) != len(want) {
		t.Fatalf("a ran at %v, expected %v", a.ran, want)
	}
	for i := range want {
		if !a.ran[i].Equal(want[i]) {
			t.Errorf("a ran at %v, expected %v", a.ran, want)
		}
	}
	if len(b.ran) != 1 || !b.ran[0].Equal(h(3)) {
		t.Errorf("b ran at %v, expected once at %v", b.ran, h(3))
	}
	if now := c.Now().Now; !now.Equal(h(7)) {
		t.Errorf("the clock shows %v", now)
	}
}

func TestTheClockDoesNotGoBack(t *testing.T) {
	t.Parallel()
	c, _ := coordinate(t, &memory{})
	if _, err := c.Advance(t.Context(), start.Add(-time.Second)); !errors.Is(err, clock.ErrBackwards) {
		t.Errorf("got %v", err)
	}
}

func TestAServiceThatWasStoppedOnPurposeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	c, nc := coordinate(t, &memory{}, "a", "b")
	follow(t, nc, "a", &list{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := c.Advance(ctx, start); !errors.Is(err, clock.ErrUnsettled) {
		t.Fatalf("settled without b: %v", err)
	}
	c.Release("b")
	if _, err := c.Advance(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
}

func TestAStoredTimeWinsOverTheFirst(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	if err := pg.Migrate(t.Context(), url, clock.Migrations, "migrations", "clock_version"); err != nil {
		t.Fatal(err)
	}
	pool, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	c, _ := coordinate(t, clock.Table{Pool: pool})
	later := start.Add(26 * time.Hour)
	if _, err := c.Advance(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	again, _ := coordinate(t, clock.Table{Pool: pool})
	if now := again.Now().Now; !now.Equal(later) {
		t.Errorf("started again at %v, expected %v", now, later)
	}
}
