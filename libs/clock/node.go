package clock

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// NodeConfig names an instance and the parts that speak for it.
type NodeConfig struct {
	Service  string
	Instance string
	Business Business
	Parts    []Reporting
}

// Node is one instance's voice in the settle barrier and in `gallra status`.
type Node struct {
	cfg NodeConfig
	nc  *nats.Conn
}

// Join announces the instance and answers node.report until ctx ends.
func Join(ctx context.Context, nc *nats.Conn, cfg NodeConfig) (*Node, error) {
	n := &Node{cfg: cfg, nc: nc}
	sub, err := nc.Subscribe(SubjectReport, func(m *nats.Msg) { go n.answer(ctx, m) })
	if err != nil {
		return nil, fmt.Errorf("join as %s: %w", cfg.Service, err)
	}
	if err := n.announce(SubjectHello); err != nil {
		return nil, fmt.Errorf("join as %s: %w", cfg.Service, err)
	}
	context.AfterFunc(ctx, func() {
		_ = n.announce(SubjectBye)
		_ = sub.Unsubscribe()
	})
	return n, nil
}

// Report joins what the parts say.
func (n *Node) Report(ctx context.Context) (Report, error) {
	r := Report{Service: n.cfg.Service, Instance: n.cfg.Instance}
	r.Seen = n.cfg.Business.Version()
	r.ClockVersion = r.Seen
	for _, p := range n.cfg.Parts {
		s, err := p.Report(ctx)
		if err != nil {
			return r, fmt.Errorf("report of %s: %w", n.cfg.Service, err)
		}
		r.State.join(s)
	}
	return r, nil
}

func (n *Node) announce(subject string) error {
	data, err := json.Marshal(Report{Service: n.cfg.Service, Instance: n.cfg.Instance})
	if err != nil {
		return err
	}
	if err := n.nc.Publish(subject, data); err != nil {
		return err
	}
	return n.nc.FlushTimeout(time.Second)
}

// answer stays silent when a part cannot say how far it is: the asker then
// knows that this instance is not settled.
func (n *Node) answer(ctx context.Context, m *nats.Msg) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var a ask
	_ = json.Unmarshal(m.Data, &a) // whoever asks for nothing gets how things are now
	r, err := n.reached(ctx, a)
	if err != nil {
		return
	}
	data, err := json.Marshal(r)
	if err != nil {
		return
	}
	_ = m.Respond(data)
}

// ask is what a report is asked for: to be given once the instance has come so
// far, or after a short while. A barrier that asks again and again would cost
// more than the work.
type ask struct {
	Version int64             `json:"version"`        // counts from this clock version
	Rested  bool              `json:"rested"`         // and is at rest
	Ends    map[string]uint64 `json:"ends,omitempty"` // and has read its streams to there
}

// reached says that a report answers what was asked.
func (a ask) reached(r Report) bool {
	if r.Seen < a.Version {
		return false
	}
	if !a.Rested {
		return true
	}
	for stream, at := range r.Positions {
		if at < a.Ends[stream] {
			return false
		}
	}
	return r.Busy == 0 && r.Unsent == 0 && r.ClockVersion >= r.Seen
}

// How long an answer waits at most, and how often it looks.
const (
	reachWithin = 25 * time.Millisecond
	reachLook   = 300 * time.Microsecond
)

// reached is the report of an instance that has come as far as was asked, or of
// one that has not after reachWithin.
func (n *Node) reached(ctx context.Context, a ask) (Report, error) {
	for give := PaceNow().Add(reachWithin); ; {
		r, err := n.Report(ctx)
		if err != nil || a.reached(r) || PaceNow().After(give) {
			return r, err
		}
		if err := Sleep(ctx, reachLook); err != nil {
			return r, err
		}
	}
}
