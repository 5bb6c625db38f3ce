package register_test

import (
	"context"
	"fmt"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
)

// closing is one token r: recorded, and then perhaps withdrawn or separated.
type closing struct {
	r      pseudonym.Token
	person int
	ends   string // "", "withdrawn" or a date of separation
}

var someClosings = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) closing {
	return closing{r: newToken(), person: rapid.IntRange(0, 2).Draw(t, "person"),
		ends: rapid.SampledFrom([]string{"", "withdrawn", "2026-06-01", "2026-06-02"}).Draw(t, "ends")}
}), 1, 5)

// Law: in whatever order recorded, withdrawn and separated come, the same rows
// stand: linked ones named by person, separated ones by person and day.
func TestEventsCommute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		_, err := w.db.Exec(context.Background(), `TRUNCATE statistics_row, early, purge, total`)
		must(t, err)
		persons := [3]pseudonym.Token{newToken(), newToken(), newToken()}
		closings := someClosings.Draw(t, "closings")
		var events []func()
		for _, c := range closings {
			events = append(events, func() { w.record(t, c.r, persons[c.person]) })
			switch c.ends {
			case "":
			case "withdrawn":
				events = append(events, func() { w.withdraw(t, c.r) })
			default:
				events = append(events, func() { w.separate(t, c.r, c.ends) })
			}
		}
		for _, event := range rapid.Permutation(events).Draw(t, "order") {
			event()
		}
		if diff := cmp.Diff(expected(closings), w.shape(t)); diff != "" {
			t.Fatal(diff)
		}
		var separated, remembered int
		must(t, w.db.QueryRow(context.Background(), `SELECT coalesce(sum(separated), 0), (SELECT count(*) FROM early) FROM total`).Scan(&separated, &remembered))
		if want := sum(expected(closings)["separated"]); separated != want || remembered != 0 {
			t.Fatalf("%d counted as separated, not %d; %d remembered", separated, want, remembered)
		}
	})
}

// expected is how many rows share a name, by state, in order of size.
func expected(closings []closing) map[string][]int {
	groups := map[string]map[string]int{"linked": {}, "separated": {}}
	for _, c := range closings {
		switch c.ends {
		case "withdrawn":
		case "":
			groups["linked"][fmt.Sprint(c.person)]++
		default:
			groups["separated"][fmt.Sprint(c.person, c.ends)]++
		}
	}
	return sizes(groups)
}

func (w world) shape(t fataler) map[string][]int {
	groups := map[string]map[string]int{"linked": {}, "separated": {}}
	for _, row := range w.rows(t) {
		groups[row.State][row.P]++
	}
	return sizes(groups)
}

func sizes(groups map[string]map[string]int) map[string][]int {
	all := map[string][]int{}
	for state, names := range groups {
		all[state] = []int{}
		for _, n := range names {
			all[state] = append(all[state], n)
		}
		sort.Ints(all[state])
	}
	return all
}

func sum(all []int) (n int) {
	for _, one := range all {
		n += one
	}
	return n
}
