package client

import "context"

// Summary is what the services answer about themselves. Counts of zero are left out.
type Summary struct {
	Dropped       map[string]int64 `json:"dropped"`
	Stored        map[string]int64 `json:"stored"`
	Living        map[string]int64 `json:"living"`
	Disposed      map[string]int64 `json:"disposed"`
	UnlinkedNotes map[string]int64 `json:"unlinkedNotes"`
	Statistics    map[string]int64 `json:"statistics"`
	Counters      map[string]int64 `json:"counters"`
}

// Summary asks every service.
func (c *Client) Summary(ctx context.Context) (Summary, error) {
	var s Summary
	if err := c.Get(ctx, "", "/v1/summary", &s); err != nil {
		return s, err
	}
	for _, counts := range []*map[string]int64{&s.Dropped, &s.Stored, &s.Living, &s.Disposed, &s.UnlinkedNotes} {
		*counts = without0(*counts)
	}
	return s, nil
}

func without0(counts map[string]int64) map[string]int64 {
	out := make(map[string]int64, len(counts))
	for name, n := range counts {
		if n != 0 {
			out[name] = n
		}
	}
	return out
}
