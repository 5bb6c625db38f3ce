package clock_test

import (
	"slices"
	"testing"

	"gallra.se/libs/clock"
)

func TestSharesAreWholeWhenEachRankOfOneNumberIsThereOnce(t *testing.T) {
	t.Parallel()
	type s = clock.Share
	for name, c := range map[string]struct {
		shares []s
		whole  bool
	}{
		"nobody":                         {nil, true},
		"one that shares nothing":        {[]s{{}}, true},
		"two that share nothing":         {[]s{{}, {}}, true},
		"one alone":                      {[]s{{0, 1}}, true},
		"three":                          {[]s{{2, 3}, {0, 3}, {1, 3}}, true},
		"more than partitions":           {[]s{{0, 2}, {1, 2}}, true},
		"one is missing":                 {[]s{{0, 2}}, false},
		"one counts more than the other": {[]s{{0, 1}, {1, 2}}, false},
		"one has two seats":              {[]s{{0, 2}, {0, 2}}, false},
		"one has no seat yet":            {[]s{{0, 1}, {}}, false},
		"one has not gone yet":           {[]s{{0, 2}, {1, 2}, {0, 2}}, false},
	} {
		if got := clock.Whole(c.shares...); got != c.whole {
			t.Errorf("%s: whole is %v", name, got)
		}
	}
}

func TestEveryPartitionBelongsToOneShare(t *testing.T) {
	t.Parallel()
	for of := 1; of <= 20; of++ {
		for p := range 16 {
			var holders []int
			for rank := range of {
				if (clock.Share{Rank: rank, Of: of}).Has(p) {
					holders = append(holders, rank)
				}
			}
			if len(holders) != 1 {
				t.Errorf("of %d: partition %d belongs to %v", of, p, holders)
			}
		}
	}
	if (clock.Share{}).Has(0) {
		t.Error("whoever shares nothing has a partition")
	}
}

func TestADividedServiceIsNamed(t *testing.T) {
	t.Parallel()
	report := func(service string, rank, of int) clock.Report {
		return clock.Report{Service: service, State: clock.State{Share: clock.Share{Rank: rank, Of: of}}}
	}
	got := clock.Divided([]clock.Report{report("intake", 0, 2), report("ledger", 0, 1), report("intake", 1, 2), report("case-linker", 1, 2), report("console", 0, 0)})
	if !slices.Equal(got, []string{"case-linker"}) {
		t.Errorf("named %v", got)
	}
}
