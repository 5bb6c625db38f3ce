package intake

import (
	"context"
	"encoding/json"
	"strings"

	"gallra.se/libs/bus"
	"gallra.se/services/intake/internal/store"
)

// Summary is what ask.intake.summary says.
type Summary struct {
	Dropped  map[string]int64 `json:"dropped"`  // by field
	Stored   map[string]int64 `json:"stored"`   // by category, ever
	Living   map[string]int64 `json:"living"`   // by category, now
	Counters map[string]int64 `json:"counters"` // "calls/2024-01"
}

// answer serves what others ask over NATS, and lines that come that way.
func (p *parts) answer(ctx context.Context) error {
	if err := bus.Answer(ctx, p.NC, "ask.intake.summary", Name, p.summary); err != nil {
		return err
	}
	if err := p.received.Answer(ctx); err != nil {
		return err
	}
	if err := p.sent.Answer(ctx); err != nil {
		return err
	}
	return p.api.Door().Reply(ctx, p.NC, "in.*.contact", Name) // in.unknown.contact: what has no other way
}

func (p *parts) summary(ctx context.Context, _ []byte) ([]byte, error) {
	counters, err := store.Counters(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	living, err := store.Living(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	s := Summary{Dropped: map[string]int64{}, Stored: map[string]int64{}, Living: living, Counters: map[string]int64{}}
	for name, n := range counters {
		group, rest, _ := strings.Cut(name, "/")
		switch group {
		case "dropped":
			s.Dropped[rest] = n
		case "stored":
			s.Stored[rest] = n
		default:
			s.Counters[name] = n
		}
	}
	return json.Marshal(s)
}
