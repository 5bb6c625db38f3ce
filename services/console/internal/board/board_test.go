package board_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/board"
)

func TestEveryRuleOfEveryPackIsOnTheBoardBeforeAnythingRuns(t *testing.T) {
	t.Parallel()
	set := packs(t)
	b := board.Build(set, board.Said{})
	for i, name := range set.Authorities() {
		pack, _ := set.Pack(name)
		on := map[string]bool{}
		for _, p := range b.Authorities[i].Promises {
			on[p.Rule] = true
		}
		for _, r := range pack.Rules {
			if !on[r.ID] {
				t.Errorf("%s %s is missing", name, r.ID)
			}
		}
	}
}

func TestARuleShowsItsCountsAndTheAuthoritysOwnDay(t *testing.T) {
	t.Parallel()
	b := board.Build(packs(t), board.Said{Rows: []board.Row{
		{Authority: "arbetsformedlingen", Rule: "AFC-10", Running: 3, Disposed: 2, NextDue: "2025-04-30T22:00:00Z", Overdue: 1},
		{Authority: "arbetsformedlingen", Rule: "AFC-10", Running: 1, NextDue: "2025-05-02"},
		{Authority: "arbetsformedlingen", Rule: "AFC-10", NextDue: "none"},
	}})
	p := find(t, b, "arbetsformedlingen", "AFC-10")
	want := board.Counts{Running: 4, Disposed: 2, Overdue: 1, NextDue: "2025-05-01"}
	if diff := cmp.Diff(want, p.Counts); diff != "" || p.Period != "15 months" || b.Overdue != 1 {
		t.Errorf("%+v %s", p, diff)
	}
}

func TestNothingThatIsReportedIsLeftOut(t *testing.T) {
	t.Parallel()
	b := board.Build(packs(t), board.Said{Rows: []board.Row{
		{Authority: "arbetsformedlingen", Rule: "OLD-1", Title: "An old rule", Running: 5, Overdue: 2},
		{Authority: "elsewhere", Rule: "X-1", Disposed: 7},
	}})
	if b.Running != 5 || b.Disposed != 7 || b.Overdue != 2 {
		t.Errorf("%+v", b)
	}
	find(t, b, "arbetsformedlingen", "OLD-1")
	find(t, b, "elsewhere", "X-1")
}

func TestSilenceIsNotZero(t *testing.T) {
	t.Parallel()
	b := board.Build(packs(t), board.Said{NoRows: true, Statistics: &board.Statistics{Present: 60, Disposed: 4}})
	if p := find(t, b, "arbetsformedlingen", "AFC-10"); !p.Unknown {
		t.Errorf("%+v", p)
	}
	if p := find(t, b, "arbetsformedlingen", "AFG-54"); p.Unknown || !p.NotDated || p.Running != 60 || p.Disposed != 4 {
		t.Errorf("%+v", p)
	}
	if b = board.Build(packs(t), board.Said{}); b.Unknown != 1 {
		t.Errorf("without statistics %d promises are unknown", b.Unknown)
	}
}

func TestSeparatedRowsShowTheDayThatTheirStoreTells(t *testing.T) {
	t.Parallel()
	b := board.Build(packs(t), board.Said{Statistics: &board.Statistics{Present: 60, NextDue: "2035-06-30T22:00:00Z"}})
	if p := find(t, b, "arbetsformedlingen", "AFG-54"); p.NotDated || p.NextDue != "2035-07-01" {
		t.Errorf("%+v", p)
	}
}

func find(t *testing.T, b board.Board, authority, rule string) board.Promise {
	t.Helper()
	for _, a := range b.Authorities {
		for _, p := range a.Promises {
			if a.Name == authority && p.Rule == rule {
				return p
			}
		}
	}
	t.Fatalf("%s %s is not on the board", authority, rule)
	return board.Promise{}
}

func packs(t *testing.T) *policy.Set {
	t.Helper()
	set, err := policy.Load(policy.Packs())
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestWhatWasOrderedToBeErasedHasALineOnceThereIsSome(t *testing.T) { // AFG-62
	t.Parallel()
	line := func(rows ...board.Row) (found []board.Promise) {
		for _, a := range board.Build(policy.Default(), board.Said{Rows: rows}).Authorities {
			for _, p := range a.Promises {
				if a.Name == "arbetsformedlingen" && p.Rule == "AFG-62" {
					found = append(found, p)
				}
			}
		}
		return found
	}
	if none := line(); len(none) != 0 {
		t.Errorf("nothing was ordered: %+v", none)
	}
	lines := line(board.Row{Authority: "arbetsformedlingen", Rule: "AFG-62", Running: 1, Disposed: 3})
	if len(lines) != 1 || !lines[0].Ordered || lines[0].Disposed != 3 || lines[0].Running != 1 || lines[0].Title.Sv == "" {
		t.Errorf("%+v", lines)
	}
}
