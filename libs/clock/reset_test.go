package clock_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gallra.se/libs/clock"
)

func TestAResetGoesBackInTimeAndWaitsForEveryServiceAnew(t *testing.T) {
	t.Parallel()
	c, nc := coordinate(t, &memory{}, "a", "b")
	follow(t, nc, "a", &list{})
	c.Release("b")
	if _, err := c.Advance(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if joined := c.Instances(); !slices.Equal(joined, []string{"a/1"}) {
		t.Errorf("instances %v", joined)
	}
	before, earlier := c.Now().Version, start.AddDate(-3, 0, 0)
	if err := c.Reset(t.Context(), earlier); err != nil {
		t.Fatal(err)
	}
	if now := c.Now(); !now.Now.Equal(earlier) || now.Version <= before {
		t.Errorf("the clock shows %+v", now)
	}
	f, err := clock.Follow(t.Context(), nc)
	if err != nil {
		t.Fatal(err)
	}
	if !f.Now().Equal(earlier) {
		t.Errorf("who follows it from now on sees %v", f.Now())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := c.Advance(ctx, earlier); !errors.Is(err, clock.ErrUnsettled) {
		t.Errorf("b is not waited for any more: %v", err)
	}
}
