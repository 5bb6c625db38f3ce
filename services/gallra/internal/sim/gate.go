package sim

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// gate decides which instances may begin a life: none while the world is being emptied,
// and none of a service that is kept away.
type gate struct {
	mu    sync.Mutex
	shut  bool
	since time.Time
	away  map[string]bool
}

func newGate() *gate { return &gate{away: map[string]bool{}} }

// listen answers instances that ask.
func (g *gate) listen(nc *nats.Conn) error {
	_, err := nc.Subscribe(subjectMayStart+"*", func(m *nats.Msg) {
		if data, err := json.Marshal(g.leave(strings.TrimPrefix(m.Subject, subjectMayStart))); err == nil {
			_ = m.Respond(data)
		}
	})
	if err != nil {
		return fmt.Errorf("listen for instances: %w", err)
	}
	return nc.Flush()
}

func (g *gate) leave(service string) Leave {
	g.mu.Lock()
	defer g.mu.Unlock()
	return Leave{May: !g.shut && !g.away[service], Since: g.since}
}

// close keeps everybody out of the world that is to begin at since.
func (g *gate) close(since time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut, g.since = true, since
}

// open lets everybody in.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = false
}

func (g *gate) keep(service string, away bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.away[service] = away
}
