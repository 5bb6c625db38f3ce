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

// number from..to, both included.
func within(t *rapid.T, from, to int, label string) int {
	return from + sixteen.Draw(t, label)*(to-from+1)>>16
}

// oneOf is any of them.
func oneOf[T any](t *rapid.T, all []T, label string) T { return all[within(t, 0, len(all)-1, label)] }
