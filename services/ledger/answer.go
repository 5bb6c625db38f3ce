package ledger

import (
	"context"
	"encoding/json"

	"gallra.se/libs/bus"
	"gallra.se/services/ledger/internal/selfcheck"
	"gallra.se/services/ledger/internal/store"
)

// Summary is what ask.ledger.summary says: destroyed records by the rule that
// decided, counted from the leaves.
type Summary struct {
	Disposed map[string]int64 `json:"disposed"`
}

// Verdict is what ask.ledger.check says.
type Verdict = selfcheck.Verdict

// answer serves the questions that other services ask over NATS.
func (p *parts) answer(ctx context.Context) error {
	if err := bus.Answer(ctx, p.NC, "ask.ledger.summary", Name, p.summary); err != nil {
		return err
	}
	if err := bus.Answer(ctx, p.NC, "ask.ledger.disposals", Name, p.disposals); err != nil {
		return err
	}
	return bus.Answer(ctx, p.NC, "ask.ledger.check", Name, p.check)
}

func (p *parts) summary(ctx context.Context, _ []byte) ([]byte, error) {
	disposed, err := store.DisposedByRule(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	return json.Marshal(Summary{Disposed: disposed})
}

// check computes the log anew: a row changed, added or deleted by hand is found.
func (p *parts) check(ctx context.Context, _ []byte) ([]byte, error) {
	verdict, err := selfcheck.Run(ctx, p.DB, p.public)
	if err != nil {
		return nil, err
	}
	return json.Marshal(verdict)
}
