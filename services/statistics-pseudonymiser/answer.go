package statistics

import (
	"context"
	"encoding/json"

	"gallra.se/libs/bus"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Summary is what ask.statistics-pseudonymiser.summary says: rows ever
// separated, of these present and disposed of.
type Summary = store.Totals

// TransportKey is what ask.statistics-pseudonymiser.transportkey says: the public
// key to seal to.
type TransportKey struct {
	Public []byte `json:"public"`
	KeyID  string `json:"keyId"`
}

// answer serves the questions that other services ask over NATS. The row ids are
// told by a simulated deployment alone: there they show a test that a row is
// there, and nothing more.
func (p *parts) answer(ctx context.Context) error {
	questions := map[string]func(context.Context, []byte) ([]byte, error){
		"summary":      p.summary,
		"transportkey": p.transportKey,
	}
	if p.Simulated {
		questions["rows"] = p.rows
	}
	for question, answer := range questions {
		if err := bus.Answer(ctx, p.NC, "ask."+Name+"."+question, Name, answer); err != nil {
			return err
		}
	}
	return nil
}

func (p *parts) summary(ctx context.Context, _ []byte) ([]byte, error) {
	totals, err := store.ReadTotals(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	return json.Marshal(totals)
}

func (p *parts) transportKey(ctx context.Context, _ []byte) ([]byte, error) {
	public, keyID, err := p.Keys.TransportKey(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(TransportKey{Public: public, KeyID: keyID})
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
