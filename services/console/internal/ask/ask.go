// Package ask puts the console's questions to the services over NATS. It keeps nothing.
package ask

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/services/console/internal/board"
	"gallra.se/services/console/internal/summary"
)

const (
	patience = 5 * time.Second // for one answer
	quiet    = 300 * time.Millisecond
	listen   = 2 * time.Second
)

// Asker asks the services.
type Asker struct{ nc *nats.Conn }

// New makes an Asker on a connection.
func New(nc *nats.Conn) *Asker { return &Asker{nc} }

// Board asks retention-timer for the promise board.
func (a *Asker) Board(ctx context.Context) ([]board.Row, error) {
	return told[[]board.Row](ctx, a, "board", nil)
}

// Summaries asks all services at once. silent names those that gave no answer.
func (a *Asker) Summaries(ctx context.Context) (answers map[string][]byte, silent []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	answers = map[string][]byte{}
	for _, service := range summary.Services {
		wg.Go(func() {
			data, err := a.one(ctx, "ask."+service+".summary", nil)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				silent = append(silent, service)
				return
			}
			answers[service] = data
		})
	}
	wg.Wait()
	slices.Sort(silent)
	return answers, silent
}

func (a *Asker) one(ctx context.Context, subject string, question []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	m, err := a.nc.RequestMsgWithContext(ctx, bus.Question(ctx, subject, question))
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", subject, err)
	}
	reason := m.Header.Get(bus.HeaderProblem)
	if reason == "not-found" {
		return nil, ErrUnknown
	}
	if reason != "" {
		return nil, fmt.Errorf("ask %s: answered %s", subject, reason)
	}
	return m.Data, nil
}

// Reports asks every instance of every service how far it is, until nobody has spoken for a while.
func (a *Asker) Reports(ctx context.Context) ([]clock.Report, error) {
	inbox := a.nc.NewRespInbox()
	sub, err := a.nc.SubscribeSync(inbox)
	if err != nil {
		return nil, fmt.Errorf("listen for reports: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := a.nc.PublishRequest(clock.SubjectReport, inbox, nil); err != nil {
		return nil, fmt.Errorf("ask for reports: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, listen)
	defer cancel()
	var out []clock.Report
	for {
		r, err := next(ctx, sub)
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read report: %w", err)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y clock.Report) int {
		return cmp.Or(cmp.Compare(x.Service, y.Service), cmp.Compare(x.Instance, y.Instance))
	})
	return out, nil
}

func next(ctx context.Context, sub *nats.Subscription) (r clock.Report, err error) {
	ctx, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	m, err := sub.NextMsgWithContext(ctx)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(m.Data, &r)
}
