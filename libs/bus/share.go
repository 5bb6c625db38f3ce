package bus

import "gallra.se/libs/clock"

// A share is a hint that spreads the work. Instances may disagree about it for a
// moment, and then two of them read a partition's events: the row of its position
// still lets one apply each. What follows here is what must hold nevertheless.
//
//   - A reader applies a partition only if it has followed it without a gap since its
//     start at, or before, the partition's position. It may drop partitions on the
//     way; for one that it gains it starts again.
//   - It moves positions, and speaks in watermarks, of those partitions alone.
//   - A share shows in Report once every reader has taken it, and Shared was called.

// deal gives this instance a share and, where it is another one, lets the readers know.
// The zero share is that of an instance without a seat.
func (c *Consumer) deal(s clock.Share) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s == c.dealt {
		return false
	}
	c.dealt = s
	clear(c.taken)
	if s.Of == 0 {
		c.shown = s
	} else {
		c.cfg.Log.Info("share of the partitions", "rank", s.Rank, "of", s.Of)
	}
	close(c.redealt)
	c.redealt = make(chan struct{})
	return true
}

// hand is the share that was dealt last, and is told when there is another.
func (c *Consumer) hand() (s clock.Share, redealt <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dealt, c.redealt
}

// take notes that the reader of a stream has taken a share.
func (c *Consumer) take(stream string, s clock.Share) {
	c.mu.Lock()
	if s == c.dealt {
		c.taken[stream] = true
	}
	ready := c.toShow()
	c.mu.Unlock()
	if !ready {
		return
	}
	if c.cfg.Shared != nil {
		c.cfg.Shared()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.toShow() {
		c.shown = c.dealt
	}
}

// toShow says that every reader has taken a share that does not show yet. It is called
// with the lock held.
func (c *Consumer) toShow() bool {
	return c.shown != c.dealt && len(c.taken) == len(c.cfg.Streams)
}

// Partitions are those that this instance is to apply.
func (c *Consumer) Partitions() []int {
	s, _ := c.hand()
	return partitionsOf(s)
}

func partitionsOf(s clock.Share) []int {
	mine := []int{}
	for p := range Partitions {
		if s.Has(p) {
			mine = append(mine, p)
		}
	}
	return mine
}

// within says that a share has no partition that the other lacks.
func within(s, other clock.Share) bool {
	for p := range Partitions {
		if s.Has(p) && !other.Has(p) {
			return false
		}
	}
	return s.Of > 0
}
