package reference

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"gallra.se/services/retention-timer/internal/testbed"
)

// history lets some lives happen to the end.
func history(t *rapid.T, bed *testbed.Bed) {
	w := newWorld(t, bed, rolled(t))
	w.begin(oneOf(w, weighted(), "authority"))
	w.set(w.start().at(w.policy.zone, 9, 0, 0))
	for range lives {
		w.lives = append(w.lives, w.newLife())
	}
	for range w.within(1, 10*lives, "steps") {
		w.passTo(w.later())
		for range w.within(1, 3, "acts") {
			w.happen(w.lives[w.within(0, len(w.lives)-1, "life")])
		}
		if w.oneIn(10, "asked") {
			w.deliver()
			w.ask()
		}
		if w.oneIn(20, "amended") {
			w.amend()
		}
		if w.oneIn(8, "told again") {
			w.deliver()
			w.again()
		}
	}
	w.passTo(date{2075, 1, 1}.midnight(w.policy.zone))
}

// weighted are the authorities, those with more sentences more often.
func weighted() (all []authority) {
	for i, times := range []int{5, 3, 1, 2} {
		all = append(all, slices.Repeat(authorities[i:i+1], times)...)
	}
	return all
}

// lives is how many histories share a clock and a policy.
const lives = 4

// histories is how many there shall be: GALLRA_HISTORIES, or 2,000, or in a short test 200.
func histories(t *testing.T) int {
	text := os.Getenv("GALLRA_HISTORIES")
	switch {
	case text == "" && testing.Short():
		return 200
	case text == "":
		return 2_000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("GALLRA_HISTORIES=%s is no number of histories", text)
	}
	return n
}

// TestTheServiceDoesWhatTheNoticesSay tells random histories to the real service and to the model. A difference is shown with
// the shortest history that has it; it becomes a row of TestFoundDifferences.
func TestTheServiceDoesWhatTheNoticesSay(t *testing.T) {
	n := histories(t)
	const workers = 2
	for name, value := range map[string]string{
		"rapid.checks": strconv.Itoa((n + lives*workers - 1) / (lives * workers)), "rapid.nofailfile": "true",
	} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("histories", func(t *testing.T) {
		for range workers {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				bed, nth := testbed.New(t), 0
				rapid.Check(t, func(t *rapid.T) {
					nth++
					empty(bed, nth)
					history(t, bed)
				})
			})
		}
	})
	t.Log(census.String())
	if n < 2_000 {
		return
	}
	for _, what := range everything() {
		if census.of(what) == 0 {
			t.Errorf("%d histories, and never: %s", n, what)
		}
	}
}
