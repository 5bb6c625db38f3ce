package caselinker_test

import (
	"sync"
	"testing"
	"time"
)

// hand is a clock that the test moves.
type hand struct {
	mu      sync.Mutex
	now     time.Time
	version int64
	moved   chan struct{}
}

func newHand(t *testing.T, now string) *hand {
	t.Helper()
	c := &hand{moved: make(chan struct{})}
	c.set(t, now)
	return c
}

func (c *hand) set(t *testing.T, now string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.version = at.UTC(), c.version+1
	close(c.moved)
	c.moved = make(chan struct{})
}

func (c *hand) Now() time.Time         { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *hand) Version() int64         { c.mu.Lock(); defer c.mu.Unlock(); return c.version }
func (c *hand) Simulated() bool        { return true }
func (c *hand) Moved() <-chan struct{} { c.mu.Lock(); defer c.mu.Unlock(); return c.moved }
