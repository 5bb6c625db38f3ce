package policy

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"
)

// unnamed are the requirements of kind retention and deadline that no pack names, and why not.
var unnamed = map[string]string{
	"L-30": "it sets no period: it lets an authority keep secret documents of a job-seeker's case in order by the case file " +
		"instead of the register, and the documents themselves live by AFC-13, AFG-53 and the archive",
}

// TestEveryPeriodThatIsRequiredIsInAPack: testdata/requirements.csv lists every requirement of kind retention or deadline.
func TestEveryPeriodThatIsRequiredIsInAPack(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/requirements.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 31 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	named := namedInPacks(t)
	for _, row := range rows[1:] {
		id := row[0]
		switch reason := unnamed[id]; {
		case !named[id] && reason == "":
			t.Errorf("no pack names %s (%s, %s)", id, row[1], row[2])
		case named[id] && reason != "":
			t.Errorf("%s is in a pack and yet excused: %s", id, reason)
		}
	}
	for id := range unnamed {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == id }) {
			t.Errorf("%s is excused and not required", id)
		}
	}
}

// namedInPacks is every requirement that a rule, channel, deadline, extension, bound or archive says it keeps.
func namedInPacks(t *testing.T) map[string]bool {
	named := map[string]bool{}
	for _, authority := range Default().Authorities() {
		p := pack(t, authority)
		ids := append([]string{p.Bound.Requirement, p.Archive().Requirement}, p.Archive().Also...)
		for _, r := range p.Rules {
			ids = append(append(ids, r.Requirement), r.Also...)
		}
		for _, d := range p.Deadlines {
			ids = append(append(ids, d.Requirement), d.Also...)
		}
		for _, e := range p.Extensions {
			ids = append(ids, e.Requirement)
		}
		for _, c := range p.Channels {
			ids = append(ids, c.Requirement)
		}
		for _, id := range ids {
			named[id] = true
		}
	}
	return named
}
