package clock

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Store keeps the simulated time; PostgreSQL in Table.
type Store interface {
	Load(ctx context.Context) (r Reading, found bool, err error)
	Save(ctx context.Context, r Reading) error
}

// Coordinator owns a simulated system's time. There is one in a system.
type Coordinator struct {
	nc     *nats.Conn
	store  Store
	log    *slog.Logger
	expect []string

	advancing sync.Mutex // one Advance at a time
	doubt     bool       // whether the last save was done is not known; guarded by advancing

	mu       sync.Mutex
	reading  Reading
	joined   map[string]int  // "service/instance" → rounds without an answer
	released map[string]bool // services that nobody waits for
}

// NewCoordinator starts from the stored time, or from first when none is
// stored, and waits in every settle for the services in expect.
func NewCoordinator(ctx context.Context, nc *nats.Conn, store Store, first time.Time, expect []string, log *slog.Logger) (*Coordinator, error) {
	r, found, err := store.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load simulated time: %w", err)
	}
	if !found {
		r = Reading{Version: 1, Now: first.UTC()}
		if err := store.Save(ctx, r); err != nil {
			return nil, fmt.Errorf("save simulated time: %w", err)
		}
	}
	c := &Coordinator{nc: nc, store: store, log: log, expect: expect, reading: r,
		joined: map[string]int{}, released: map[string]bool{}}
	for subject, take := range map[string]nats.MsgHandler{
		SubjectNow: c.tell, SubjectHello: c.hello, SubjectBye: c.bye,
	} {
		sub, err := nc.Subscribe(subject, take)
		if err != nil {
			return nil, fmt.Errorf("coordinate clock: %w", err)
		}
		context.AfterFunc(ctx, func() { _ = sub.Unsubscribe() })
	}
	return c, nc.Flush()
}

// Now is the present simulated time.
func (c *Coordinator) Now() Reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reading
}

// Release stops waiting for a service that was stopped on purpose, until one of
// its instances says hello again.
func (c *Coordinator) Release(service string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.released[service] = true
	for name := range c.joined {
		if serviceOf(name) == service {
			delete(c.joined, name)
		}
	}
}

func (c *Coordinator) tell(m *nats.Msg) {
	data, err := json.Marshal(c.Now())
	if err == nil {
		_ = m.Respond(data)
	}
}

func (c *Coordinator) hello(m *nats.Msg) {
	var r Report
	if json.Unmarshal(m.Data, &r) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.joined[nameOf(r)] = 0
	delete(c.released, r.Service)
}

func (c *Coordinator) bye(m *nats.Msg) {
	var r Report
	if json.Unmarshal(m.Data, &r) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.joined, nameOf(r))
}

// move makes the next reading durable, then announces it.
func (c *Coordinator) move(ctx context.Context, to time.Time) error {
	next := Reading{Version: c.Now().Version + 1, Now: to.UTC()}
	if err := c.store.Save(ctx, next); err != nil {
		c.doubt = true
		return fmt.Errorf("save simulated time: %w", err)
	}
	return c.announce(next)
}

// resolve looks what is stored when a save ended without an answer: it may have been
// done before the database went away.
func (c *Coordinator) resolve(ctx context.Context) error {
	if !c.doubt {
		return nil
	}
	stored, found, err := c.store.Load(ctx)
	if err != nil {
		return fmt.Errorf("load simulated time: %w", err)
	}
	c.doubt = false
	if !found || stored.Version <= c.Now().Version {
		return nil
	}
	stored.Now = stored.Now.UTC()
	return c.announce(stored)
}

// announce makes a durable reading the present one.
func (c *Coordinator) announce(r Reading) error {
	c.mu.Lock()
	c.reading = r
	c.mu.Unlock()
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return c.nc.Publish(SubjectMoved, data)
}
