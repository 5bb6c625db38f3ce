package clock

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Subjects of the simulated clock and of the settle barrier (core NATS).
const (
	SubjectNow    = "clock.now"   // request: the present Reading
	SubjectMoved  = "clock.moved" // announcement: the new Reading
	SubjectReport = "node.report" // scatter: every instance answers with a Report
	SubjectHello  = "node.hello"  // an instance has joined
	SubjectBye    = "node.bye"    // an instance leaves in good order
)

// Reading is one position of the simulated clock.
type Reading struct {
	Version int64     `json:"version"`
	Now     time.Time `json:"now"` // UTC
}

// Follower is the Business clock of one instance of a simulated system.
type Follower struct {
	mu      sync.Mutex
	reading Reading
	moved   chan struct{}
}

// Follow asks the Coordinator for the time and follows its moves until ctx
// ends. It waits for a Coordinator that is not up yet.
func Follow(ctx context.Context, nc *nats.Conn) (*Follower, error) {
	f := &Follower{moved: make(chan struct{})}
	sub, err := nc.Subscribe(SubjectMoved, func(m *nats.Msg) { f.take(m.Data) })
	if err != nil {
		return nil, fmt.Errorf("follow clock: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = sub.Unsubscribe() })
	if err := nc.Flush(); err != nil {
		return nil, fmt.Errorf("follow clock: %w", err)
	}
	nc.Opts.ReconnectedCB = f.afterReconnect(ctx, nc.Opts.ReconnectedCB)
	for {
		if f.ask(nc) == nil {
			return f, nil
		}
		if err := Sleep(ctx, 50*time.Millisecond); err != nil {
			return nil, fmt.Errorf("follow clock: no simulated clock answers on %s: %w", SubjectNow, err)
		}
	}
}

// afterReconnect asks again for the time: a move may have been announced while
// the connection was down.
func (f *Follower) afterReconnect(ctx context.Context, next nats.ConnHandler) nats.ConnHandler {
	return func(nc *nats.Conn) {
		go func() {
			for f.ask(nc) != nil {
				if Sleep(ctx, 100*time.Millisecond) != nil {
					return
				}
			}
		}()
		if next != nil {
			next(nc)
		}
	}
}

func (f *Follower) ask(nc *nats.Conn) error {
	m, err := nc.Request(SubjectNow, nil, time.Second)
	if err != nil {
		return err
	}
	f.take(m.Data)
	return nil
}

func (f *Follower) take(data []byte) {
	var r Reading
	if json.Unmarshal(data, &r) != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Version <= f.reading.Version {
		return
	}
	f.reading = r
	close(f.moved)
	f.moved = make(chan struct{})
}

// Now is the simulated time.
func (f *Follower) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reading.Now.UTC().Truncate(time.Microsecond)
}

// Version is the clock's version as this instance has seen it.
func (f *Follower) Version() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reading.Version
}

// Simulated is true.
func (f *Follower) Simulated() bool { return true }

// Moved is closed at the next move.
func (f *Follower) Moved() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.moved
}
