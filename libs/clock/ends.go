package clock

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go"
)

// Ends is the last sequence of every stream: what a settled, and a reconciled, system has
// read to. ctx must have an end: what the server is asked while it goes away it never
// answers.
func Ends(ctx context.Context, nc *nats.Conn) (map[string]uint64, error) {
	m, err := nc.RequestWithContext(ctx, "$JS.API.STREAM.LIST", nil)
	if err != nil {
		return nil, fmt.Errorf("ask for stream ends: %w", err)
	}
	var list struct {
		Streams []struct {
			Config struct{ Name string }
			State  struct {
				LastSeq uint64 `json:"last_seq"`
			}
		}
	}
	if err := json.Unmarshal(m.Data, &list); err != nil {
		return nil, fmt.Errorf("read stream ends: %w", err)
	}
	ends := map[string]uint64{}
	for _, s := range list.Streams {
		ends[s.Config.Name] = s.State.LastSeq
	}
	return ends, nil
}
