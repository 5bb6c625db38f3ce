package chatbot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

const af = "arbetsformedlingen"

type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}
func (h *hand) Version() int64         { return 1 }
func (h *hand) Simulated() bool        { return true }
func (h *hand) Moved() <-chan struct{} { return nil }

// tally is a counter whose database can be made to fail, before the commit or after it.
type tally struct {
	counted map[string]int64
	fails   string // "before", "after", "unknown"
	done    bool
}

func (l *tally) Count(_ context.Context, adds map[string]int64) (string, error) {
	switch l.fails {
	case "before":
		return "", errors.New("no connection")
	case "lost":
		l.done = false
		return "7", errors.New("connection lost")
	}
	for name, n := range adds {
		l.counted[name] += n
	}
	if l.fails == "after" {
		l.done = true
		return "7", errors.New("connection lost")
	}
	return "7", nil
}

func (l *tally) Done(context.Context, string) (bool, error) {
	if l.fails == "unknown" {
		return false, errors.New("no connection")
	}
	return l.done, nil
}

type bench struct {
	*Desk
	t     *testing.T
	clock *hand
	tally *tally
}

func newBench(t *testing.T) bench {
	t.Helper()
	packs, err := policy.Load(policy.Packs())
	if err != nil {
		t.Fatal(err)
	}
	b := bench{t: t, clock: &hand{}, tally: &tally{counted: map[string]int64{}}}
	b.at("2024-05-10T10:00:00+02:00")
	b.Desk = New(b.clock, packs, b.tally)
	return b
}

func (b bench) at(rfc3339 string) {
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		b.t.Fatal(err)
	}
	b.clock.mu.Lock()
	defer b.clock.mu.Unlock()
	b.clock.now = at.UTC()
}

func (b bench) ask(session string) {
	b.t.Helper()
	if _, err := b.Ask(af, session, Question{[]byte("hej")}); err != nil {
		b.t.Fatal(err)
	}
}

func (b bench) counts(want map[string]int64) {
	b.t.Helper()
	if !maps.Equal(b.tally.counted, want) {
		b.t.Errorf("counted %v, want %v", b.tally.counted, want)
	}
}

func (b bench) due() {
	b.t.Helper()
	if err := b.run(b.t.Context(), b.Business.Now()); err != nil {
		b.t.Fatal(err)
	}
}

// AFC-28
func TestASessionEndsAfterFifteenIdleMinutesAndIsCountedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ask("s1")
	b.at("2024-05-10T10:10:00+02:00")
	b.ask("s1")
	if at, ok, _ := b.next(t.Context()); !ok || at != time.Date(2024, 5, 10, 8, 25, 0, 0, time.UTC) {
		t.Errorf("the next deadline is %v", at)
	}
	b.at("2024-05-10T10:24:59+02:00")
	b.due()
	b.counts(map[string]int64{})
	b.at("2024-05-10T10:25:00+02:00")
	b.due()
	b.due()
	b.counts(map[string]int64{"chatbot/2024-05": 1})
	if _, ok, _ := b.next(t.Context()); ok {
		t.Error("a deadline is left")
	}
}

func TestASessionIsClosedOnceHoweverOftenItIsSaid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ask("s1")
	for range 3 {
		if err := b.Close(t.Context(), af, "s1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(t.Context(), af, "never-was"); err != nil {
		t.Fatal(err)
	}
	b.counts(map[string]int64{"chatbot/2024-05": 1})
	b.ask("s1") // another one by the same name
	if err := b.Close(t.Context(), af, "s1"); err != nil {
		t.Fatal(err)
	}
	b.counts(map[string]int64{"chatbot/2024-05": 2})
}

func TestASessionBelongsToItsAuthorityAndCountsInTheMonthItEndsIn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.at("2024-05-31T23:50:00+02:00")
	b.ask("s1")
	if err := b.Close(t.Context(), "te-services", "s1"); err != nil {
		t.Fatal(err)
	}
	b.counts(map[string]int64{})
	b.at("2024-06-03T09:00:00+02:00") // long after: it ended by itself, at five past midnight
	b.ask("s1")
	b.due()
	b.counts(map[string]int64{"chatbot/2024-06": 1})
	for _, authority := range []string{"te-services", "te-customer-service", "stockholm-labour-market-board"} {
		if _, err := b.Ask(authority, "s1", Question{[]byte("hej")}); problem.From(err).Reason != "unknown-channel" {
			t.Errorf("%s: %v", authority, err)
		}
	}
}

func TestACountThatFailsIsMadeUpForExactlyOnce(t *testing.T) {
	t.Parallel()
	for _, fails := range []string{"before", "lost", "after"} {
		b := newBench(t)
		b.ask("s1")
		b.tally.fails = fails
		if b.Close(t.Context(), af, "s1") == nil {
			t.Errorf("%s: closed although nothing says that it was counted", fails)
		}
		if _, owes, _ := b.next(t.Context()); !owes {
			t.Errorf("%s: nobody will try again", fails)
		}
		if fails != "before" {
			b.tally.fails = "unknown"
			if b.run(t.Context(), b.clock.Now()) == nil {
				t.Errorf("%s: counted although nobody knows", fails)
			}
		}
		b.tally.fails = ""
		b.due()
		b.due()
		b.counts(map[string]int64{"chatbot/2024-05": 1})
		if _, owes, _ := b.next(t.Context()); owes {
			t.Errorf("%s: something is still owed", fails)
		}
	}
}

func TestMoreSessionsThanMemoryIsForAreToldToComeAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for n := range mostSessions {
		b.ask(fmt.Sprint("s", n))
	}
	if _, err := b.Ask(af, "one-more", Question{[]byte("hej")}); problem.From(err).Reason != "unavailable" {
		t.Fatalf("%v", err)
	}
	b.ask("s7") // who is in stays in
	if err := b.Close(t.Context(), af, "s7"); err != nil {
		t.Fatal(err)
	}
	b.ask("one-more")
}

func TestAServiceThatStopsCountsWhatItEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ask("s1")
	b.ask("s2")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := b.Loop(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	b.counts(map[string]int64{"chatbot/2024-05": 2})
}

func TestManyAtOnceAreEachCountedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			session := fmt.Sprint("s", n%25)
			_, _ = b.Ask(af, session, Question{[]byte("hej")})
			_ = b.Close(t.Context(), af, session)
		})
	}
	all.Wait()
	if n := b.tally.counted["chatbot/2024-05"]; n < 25 || n > 50 || len(b.sessions.open) != 0 {
		t.Errorf("%d counted, %d open", n, len(b.sessions.open))
	}
}
