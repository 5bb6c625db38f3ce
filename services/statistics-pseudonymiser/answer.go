package statistics

import (
	"context"
	"encoding/json"
	"time"

	"gallra.se/libs/bus"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Summary is what ask.statistics-pseudonymiser.summary says: rows ever
// separated, of these present and disposed of; the instant (UTC) from which the
// next row is gone, left out where none waits, and how many rows are past it.
type Summary struct {
	Separated int64     `json:"separated"`
	Present   int64     `json:"present"`
	Disposed  int64     `json:"disposed"`
	NextDue   time.Time `json:"nextDue,omitzero"`
	Overdue   int64     `json:"overdue"`
}

// answer serves the questions that other services ask over NATS. The row ids are
// told by a simulated deployment alone: there they show a test that a row is
// there, and nothing more.
func (p *parts) answer(ctx context.Context) error {
	questions := map[string]func(context.Context, []byte) ([]byte, error){
		"summary": p.summary,
	}
	if p.Simulated {
		questions["rows"] = p.rows
	}
	for question, answer := range questions {
		if err := bus.Answer(ctx, p.NC, "ask."+Name+"."+question, Name, answer); err != nil {
			return err
		}
	}
	return p.received.Answer(ctx)
}

func (p *parts) summary(ctx context.Context, _ []byte) ([]byte, error) {
	totals, err := store.ReadTotals(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	said := Summary{Separated: totals.Separated, Present: totals.Present, Disposed: totals.Disposed}
	if said.NextDue, err = store.NextDue(ctx, p.DB); err != nil {
		return nil, err
	}
	if said.Overdue, err = store.Overdue(ctx, p.DB, p.Clock.Now()); err != nil {
		return nil, err
	}
	return json.Marshal(said)
}

func (p *parts) rows(ctx context.Context, _ []byte) ([]byte, error) {
	standings, err := store.Standings(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	if standings == nil {
		standings = []store.Standing{}
	}
	return json.Marshal(standings)
}
