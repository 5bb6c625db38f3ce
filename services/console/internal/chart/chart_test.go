package chart_test

import (
	"slices"
	"testing"

	"gallra.se/services/console/internal/chart"
)

func TestTheHighestColumnFillsTheHeightAndItsPartsStandOnEachOther(t *testing.T) {
	t.Parallel()
	c := chart.Draw([]chart.Month{
		{Month: "2025-11", Parts: []chart.Part{{Kind: "later", N: 30}, {Kind: "earlier", N: 10}}},
		{Month: "2025-12"},
		{Month: "2026-01", Parts: []chart.Part{{Kind: "later", N: 10}}},
	})
	if c.Highest != 40 || len(c.Columns) != 3 || len(c.Columns[1].Blocks) != 0 {
		t.Fatalf("%+v", c)
	}
	want := []chart.Block{{Kind: "later", Top: 25, Height: 75}, {Kind: "earlier", Top: 0, Height: 25}}
	if found := c.Columns[0].Blocks; !slices.Equal(found, want) {
		t.Errorf("%+v", found)
	}
	if found := c.Columns[2].Blocks[0]; found.Top != 75 || found.Height != 25 {
		t.Errorf("%+v", found)
	}
	if len(c.Years) != 2 || c.Years[0].Label != "2025" || c.Years[1].Label != "2026" {
		t.Errorf("%+v", c.Years)
	}
}

func TestAChartOfNothingIsEmpty(t *testing.T) {
	t.Parallel()
	if c := chart.Draw(nil); len(c.Columns) != 0 || c.Highest != 0 {
		t.Errorf("%+v", c)
	}
}

func TestMonthsFollowEachOther(t *testing.T) {
	t.Parallel()
	if found := chart.Following("2025-11", 3); !slices.Equal(found, []string{"2025-11", "2025-12", "2026-01"}) {
		t.Error(found)
	}
	if found := chart.Between([]string{"2026-02", "none", "2025-12", ""}); !slices.Equal(found, []string{"2025-12", "2026-01", "2026-02"}) {
		t.Error(found)
	}
	for _, none := range []string{"", "none", "2025", "2025-13", "soon-01"} {
		if found := chart.Between([]string{none}); found != nil {
			t.Errorf("%q: %v", none, found)
		}
	}
}
