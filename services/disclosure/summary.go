package disclosure

import (
	"context"
	"encoding/json"
	"errors"

	"gallra.se/libs/bus"

	"gallra.se/services/disclosure/internal/courier"
	"gallra.se/services/disclosure/internal/store"
)

// summary is counts only.
type summary struct {
	Disclosures map[string]int64           `json:"disclosures"` // "released/delivered": n
	Breakers    map[string]courier.Breaker `json:"breakers"`
}

// answerSummary answers ask.disclosure.summary.
func (s *Service) answerSummary(ctx context.Context) error {
	return bus.Answer(ctx, s.deps.NC, "ask."+Name+".summary", Name, func(ctx context.Context, _ []byte) ([]byte, error) {
		counts, err := store.Counts(ctx, s.deps.DB)
		if err != nil {
			return nil, err
		}
		return json.Marshal(summary{counts, s.doors.Breakers()})
	})
}

func (s *Service) connected(context.Context) error {
	if !s.deps.NC.IsConnected() {
		return errors.New("no connection")
	}
	return nil
}
