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
	report := n.rested
	if string(m.Data) == askNow {
		report = n.Report
	}
	r, err := report(ctx)
	if err != nil {
		return
	}
	data, err := json.Marshal(r)
	if err != nil {
		return
	}
	_ = m.Respond(data)
}

// What a report may be asked for: how things are now, or, as by default, once
// the instance is at rest.
const (
	askNow    = "now"
	askRested = ""
)

// How long an answer waits for the instance to come to rest, and how often it
// looks: a barrier that asks again and again would cost more than the work.
const (
	restWithin = 25 * time.Millisecond
	restLook   = 500 * time.Microsecond
)

// rested is the report of an instance at rest, or of one that is still busy
// after restWithin.
func (n *Node) rested(ctx context.Context) (Report, error) {
	for give := PaceNow().Add(restWithin); ; {
		r, err := n.Report(ctx)
		if err != nil || r.Busy == 0 && r.Unsent == 0 && r.ClockVersion >= r.Seen || PaceNow().After(give) {
			return r, err
		}
		if err := Sleep(ctx, restLook); err != nil {
			return r, err
		}
	}
}
