package reference

import "pgregory.net/rapid"

// sixteen bits, each as likely as the other: rapid's own ranges prefer small numbers, and histories would hardly leave their
// first acts. It shrinks to zero all the same.
var sixteen = rapid.Custom(func(t *rapid.T) int {
	n := 0
	for range 16 {
		n <<= 1
		if rapid.Bool().Draw(t, "bit") {
			n |= 1
		}
	}
	return n
})

// dice draws a number of from..to, both included.
type dice func(from, to int, label string) int

func rolled(t *rapid.T) dice {
	return func(from, to int, label string) int { return from + sixteen.Draw(t, label)*(to-from+1)>>16 }
}

func (w *world) within(from, to int, label string) int { return w.dice(from, to, label) }

func (w *world) oneIn(n int, label string) bool { return w.within(1, n, label) == n }

// oneOf is any of them.
func oneOf[T any](w *world, all []T, label string) T { return all[w.within(0, len(all)-1, label)] }
