package outbox

import (
	"slices"

	"gallra.se/libs/bus"
)

// Bundle is what one bulk event may tell of: things of one authority and partition.
type Bundle[T any] struct {
	Authority string
	Things    []T
}

// Bundles puts things together by authority and by the partition of their key, at most so many to a bundle. Their order
// stays: the first bundle is that of the first thing.
func Bundles[T any](things []T, most int, of func(T) (authority, key string)) []Bundle[T] {
	type lane struct {
		authority string
		partition int
	}
	lanes := map[lane][]T{}
	var order []lane
	for _, t := range things {
		authority, key := of(t)
		l := lane{authority, bus.Partition(key)}
		if lanes[l] == nil {
			order = append(order, l)
		}
		lanes[l] = append(lanes[l], t)
	}
	var bundles []Bundle[T]
	for _, l := range order {
		for part := range slices.Chunk(lanes[l], most) {
			bundles = append(bundles, Bundle[T]{l.authority, part})
		}
	}
	return bundles
}
