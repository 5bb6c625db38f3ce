package sweep

import (
	"slices"
	"testing"

	"gallra.se/services/retention-timer/internal/store"
)

func TestTheLimitNeverCutsAPersonApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ keys, want string }{
		{"ab", "ab"},     // fewer than the limit: all
		{"abcc", "ab"},   // the last may go on behind the limit
		{"abcd", "abc"},  // as far as anybody can see
		{"aaaa", "aaaa"}, // one person alone fills it
		{"abbb", "a"},
	} {
		var taken []store.Unit
		for _, k := range c.keys {
			taken = append(taken, store.Unit{Key: string(k)})
		}
		var got []rune
		for _, u := range wholePersons(slices.Clone(taken), 4) {
			got = append(got, []rune(u.Key)...)
		}
		if string(got) != c.want {
			t.Errorf("%s: %s, want %s", c.keys, string(got), c.want)
		}
	}
}
