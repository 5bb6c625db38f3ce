package api

import (
	"context"
	"encoding/json"

	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/store"
)

// Summary is what this service answers when asked how much there is.
type Summary struct {
	Units    map[string]int `json:"units"`    // by state
	Running  map[string]int `json:"running"`  // records by rule
	Disposed map[string]int `json:"disposed"` // records by rule
	Overdue  int            `json:"overdue"`
	Holds    int            `json:"holds"`
}

// Answer answers ask.retention-timer.*, for services that ask about all authorities, until ctx ends. No answer names a
// person.
func (a *API) Answer(ctx context.Context, nc *nats.Conn) error {
	questions := map[string]func(context.Context, []byte) (any, error){
		"summary":  func(ctx context.Context, _ []byte) (any, error) { return a.Summary(store.Whole(ctx)) },
		"board":    func(ctx context.Context, _ []byte) (any, error) { return a.Board(ctx) },
		"timeline": a.timeline,
		"calendar": func(ctx context.Context, _ []byte) (any, error) { return a.months(ctx, "") },
		"holds":    func(ctx context.Context, _ []byte) (any, error) { return a.standing(ctx, "") },
		"alarms":   func(ctx context.Context, _ []byte) (any, error) { return a.open(ctx, "") },
		"reviews":  func(ctx context.Context, _ []byte) (any, error) { return a.lists(ctx, "") },
		"policy":   func(ctx context.Context, _ []byte) (any, error) { return a.policies(ctx) },
	}
	for name, ask := range questions {
		subject := "ask." + events.RetentionTimer + "." + name
		err := bus.Answer(ctx, nc, subject, events.RetentionTimer, func(ctx context.Context, body []byte) ([]byte, error) {
			answer, err := ask(ctx, body)
			if err != nil {
				if !problem.Refused(err) {
					a.Log.ErrorContext(ctx, "question not answered", "subject", subject, "error", err.Error())
				}
				return nil, err
			}
			return json.Marshal(answer)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Summary counts over all authorities.
func (a *API) Summary(ctx context.Context) (Summary, error) {
	units, holds, err := store.States(ctx, a.DB)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{Units: units, Holds: holds, Running: map[string]int{}, Disposed: map[string]int{}}
	lines, err := store.Lines(ctx, a.DB, a.Clock.Now().Add(-grace))
	for _, l := range lines {
		s.Overdue += l.Overdue
		if l.Running > 0 {
			s.Running[l.Rule] += l.Running
		}
		if l.Disposed > 0 {
			s.Disposed[l.Rule] += l.Disposed
		}
	}
	return s, err
}
