package clock_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
)

// unsure stores what it is given and, once, loses the answer: a database that is killed after a commit.
type unsure struct {
	memory
	lose bool
}

var errNoAnswer = errors.New("the connection is gone")

func (u *unsure) Save(ctx context.Context, r clock.Reading) error {
	stored, _, _ := u.Load(ctx)
	if stored.Version >= r.Version {
		return errors.New("a later version is stored")
	}
	if err := u.memory.Save(ctx, r); err != nil || !u.lose {
		return err
	}
	u.lose = false
	return errNoAnswer
}

func TestAMoveWhoseAnswerWasLostDoesNotStopTheClock(t *testing.T) {
	t.Parallel()
	begin := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	store := &unsure{}
	c, err := clock.NewCoordinator(t.Context(), bustest.Server(t, "contact"), store, begin, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store.lose = true
	if _, err := c.Advance(t.Context(), begin.AddDate(0, 0, 1)); !errors.Is(err, errNoAnswer) {
		t.Fatalf("%v", err)
	}
	for _, days := range []int{1, 2} {
		if _, err := c.Advance(t.Context(), begin.AddDate(0, 0, days)); err != nil {
			t.Fatalf("day %d: %v", days, err)
		}
	}
	if now := c.Now(); !now.Now.Equal(begin.AddDate(0, 0, 2)) || now.Version != 3 {
		t.Errorf("%+v", now)
	}
}
