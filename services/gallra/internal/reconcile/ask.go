package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
)

// Ask collects what the judgement needs over NATS. Stream ends are read before the
// reports: what is published in between cannot look like a loss.
func Ask(ctx context.Context, nc *nats.Conn, awaited []string) (Seen, error) {
	s := Seen{Awaited: awaited}
	var err error
	if s.Ends, err = ends(ctx, nc); err != nil {
		return s, err
	}
	if s.Reports, err = reports(ctx, nc); err != nil {
		return s, err
	}
	if err := one(ctx, nc, "ask.ledger.check", &s.Ledger); err != nil {
		return s, err
	}
	if s.Orders, err = orders(ctx, nc, s.Reports); err != nil {
		return s, err
	}
	if s.Deliveries, err = deliveries(ctx, nc, s.Reports); err != nil {
		return s, err
	}
	s.Summary = Summary{Stored: map[string]int64{}, Living: map[string]int64{}, Disposed: map[string]int64{}}
	for _, service := range []string{"intake", "case-linker", "ledger"} {
		var part Summary
		if err := one(ctx, nc, "ask."+service+".summary", &part); err != nil {
			return s, err
		}
		add(s.Summary.Stored, part.Stored)
		add(s.Summary.Living, part.Living)
		add(s.Summary.Disposed, part.Disposed)
	}
	return s, nil
}

// orders asks every service that reads streams.
func orders(ctx context.Context, nc *nats.Conn, reports []clock.Report) (map[string]bus.Order, error) {
	out := map[string]bus.Order{}
	for _, r := range reports {
		if _, asked := out[r.Service]; asked || len(r.Positions) == 0 {
			continue
		}
		var o bus.Order
		if err := one(ctx, nc, bus.SubjectOrder(r.Service), &o); err != nil {
			return nil, err
		}
		out[r.Service] = o
	}
	return out, nil
}

func add(to, more map[string]int64) {
	for name, n := range more {
		to[name] += n
	}
}

const patience = 30 * time.Second

func one(ctx context.Context, nc *nats.Conn, subject string, v any) error {
	return asked(ctx, nc, subject, nil, v)
}

func asked(ctx context.Context, nc *nats.Conn, subject string, question []byte, v any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := nc.RequestWithContext(ctx, subject, question)
	if err != nil {
		return fmt.Errorf("ask %s: %w", subject, err)
	}
	if reason := reply.Header.Get(bus.HeaderProblem); reason != "" {
		return fmt.Errorf("ask %s: answered %s", subject, reason)
	}
	if err := json.Unmarshal(reply.Data, v); err != nil {
		return fmt.Errorf("read answer of %s: %w", subject, err)
	}
	return nil
}

func ends(ctx context.Context, nc *nats.Conn) (map[string]uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return clock.Ends(ctx, nc)
}

// quiet is how long nobody may have spoken before all are taken to have spoken.
const quiet = 500 * time.Millisecond

func reports(ctx context.Context, nc *nats.Conn) ([]clock.Report, error) {
	inbox := nc.NewRespInbox()
	sub, err := nc.SubscribeSync(inbox)
	if err != nil {
		return nil, fmt.Errorf("listen for reports: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := nc.PublishRequest(clock.SubjectReport, inbox, nil); err != nil {
		return nil, fmt.Errorf("ask for reports: %w", err)
	}
	var out []clock.Report
	for {
		m, err := sub.NextMsg(quiet)
		if err != nil {
			return out, ctx.Err()
		}
		var r clock.Report
		if err := json.Unmarshal(m.Data, &r); err != nil {
			return nil, fmt.Errorf("read report: %w", err)
		}
		out = append(out, r)
	}
}
