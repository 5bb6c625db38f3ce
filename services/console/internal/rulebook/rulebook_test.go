package rulebook_test

import (
	"strings"
	"testing"
	"time"

	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/rulebook"
)

func TestEveryRuleOfEveryPackIsInItsBookOnce(t *testing.T) {
	t.Parallel()
	set := policy.Default()
	books := rulebook.Build(set, nil, time.Date(2025, 4, 30, 12, 0, 0, 0, time.UTC))
	if len(books) != len(set.Authorities()) {
		t.Fatalf("%d books", len(books))
	}
	for _, b := range books {
		pack, _ := set.Pack(b.Name)
		seen := map[string]bool{}
		for _, r := range b.Rules {
			if seen[r.ID] || len(r.Versions) == 0 || len(r.AppliesTo) == 0 {
				t.Errorf("%s %s: %+v", b.Name, r.ID, r)
			}
			seen[r.ID] = true
		}
		for _, r := range pack.Rules {
			if !seen[r.ID] {
				t.Errorf("%s lacks %s", b.Name, r.ID)
			}
		}
		if b.Known || b.Version == "" || b.Hash == "" {
			t.Errorf("%+v", b)
		}
	}
}

func TestAVersionThatHasNotBegunIsToldApart(t *testing.T) {
	t.Parallel()
	books := rulebook.Build(changed(t), nil, time.Date(2025, 6, 30, 21, 59, 0, 0, time.UTC))
	for _, r := range books[0].Rules {
		if r.ID != "AFC-21" {
			continue
		}
		if len(r.Versions) != 2 || r.Versions[0].Begun || !r.Versions[1].Begun || r.Versions[0].Period.Days != 14 {
			t.Errorf("%+v", r.Versions)
		}
		return
	}
	t.Error("AFC-21 is missing")
}

// changed is the packs with a shorter chat from 1 July 2025.
func changed(t *testing.T) *policy.Set {
	t.Helper()
	set := policy.Default().Clone()
	pack, _ := set.Pack("arbetsformedlingen")
	files := pack.Files()
	const version, period = `  - {version: "2021-01-01", validFrom: 2018-05-25}`, "      - {validFrom: 2018-05-25, period: 29 days, mode: exact}"
	for name, text := range files {
		text = strings.Replace(text, version, version+"\n  - {version: shorter, validFrom: 2025-07-01}", 1)
		files[name] = strings.Replace(text, period, period+"\n      - {validFrom: 2025-07-01, period: 14 days, mode: exact}", 1)
	}
	next, err := policy.Parse("arbetsformedlingen", files)
	if err != nil {
		t.Fatal(err)
	}
	set.Replace(next)
	return set
}

func TestAPlanIsDrawnMonthByMonthFromTheFirstToTheLast(t *testing.T) {
	t.Parallel()
	plan := rulebook.Plan{Moves: []rulebook.Move{
		{Category: "contact.chat", Rule: "AFC-21", Month: "2025-07", AtOnce: 12, Earlier: 30},
		{Category: "case.note", Rule: "AFC-13", Month: "2025-09", Later: 5},
		{Category: "case.note", Rule: "AFC-13", Month: "2031-01", Unchanged: 900},
		{Category: "case.note", Rule: "AFC-13", Month: "none", Later: 2},
	}}
	c := plan.Chart()
	if len(c.Columns) != 12 || c.Highest != 42 || c.Columns[0].Month.Month != "2025-07" || len(c.Columns[0].Blocks) != 2 || len(c.Columns[1].Blocks) != 0 {
		t.Errorf("%+v", c)
	}
	if moving := plan.Moving(); len(moving) != 3 {
		t.Errorf("%+v", moving)
	}
}

func TestOneChangeOfAPeriodIsToldOnce(t *testing.T) {
	t.Parallel()
	plan := rulebook.Plan{Changes: []rulebook.Change{
		{Rule: "AFC-13", Category: "case.file", CaseType: "benefit", Was: "26 months", Becomes: "18 months"},
		{Rule: "AFC-13", Category: "case.file", CaseType: "control", Was: "26 months", Becomes: "18 months"},
		{Rule: "AFC-13", Category: "case.note", CaseType: "control", Was: "26 months", Becomes: "18 months"},
		{Rule: "AFC-13", Category: "person.identity", Was: "26 months", Becomes: "20 months"},
		{Path: "recipients/a", Was: "x", Becomes: "y"}, {Path: "recipients/b", Was: "x", Becomes: "y"},
	}}
	groups := plan.Groups()
	if len(groups) != 4 || len(groups[0].Categories) != 2 || groups[1].Becomes != "20 months" {
		t.Errorf("%+v", groups)
	}
}
