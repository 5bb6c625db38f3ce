package reference

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// census counts what the histories held, so that one sees what they have tried.
var census = tally{counts: map[string]int{}}

type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *tally) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what]++
}

func (c *tally) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[what]
}

func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := slices.SortedFunc(maps.Keys(c.counts), func(a, b string) int { return cmp.Compare(c.counts[b], c.counts[a]) })
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "%8d %s\n", c.counts[n], n)
	}
	return b.String()
}

// everything is what so many histories must have tried.
func everything() []string {
	all := []string{"disposed after a hold", "disposed late", "bound of law exceeded", "taken despite a hold", "shortened"}
	for _, k := range []kind{recorded, withdrawn, extended, reasonEnded, groupCreated, groupJoined, groupLeft, groupMoved, groupEnded, registered, deregistered,
		corrected, opened, noted, closed, reopened, adopted, parted, placed, released, declined, disposed} {
		all = append(all, string(k))
	}
	for _, a := range authorities {
		for _, may := range amendable[a.name] {
			all = append(all, "amended "+may.requirement)
		}
		sentences := cases(a)
		for _, p := range a.contacts {
			sentences = append(sentences, p)
		}
		for _, p := range append(sentences, a.identity, a.extended) {
			if p.requirement != "" {
				all = append(all, "disposed by "+p.requirement)
			}
		}
	}
	return all
}
