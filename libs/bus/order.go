package bus

import (
	"context"
	"encoding/json"
	"fmt"
)

// Order is what the inbox says about the order in which this service has applied, or set
// aside, the events that it still remembers.
type Order struct {
	Events   int64 `json:"events"`
	Inverted int64 `json:"inverted"` // events applied after a later one of their key
}

// SubjectOrder is asked by whoever reconciles.
func SubjectOrder(service string) string { return "ask." + service + ".order" }

func (c *Consumer) order(ctx context.Context) (o Order, err error) {
	err = c.cfg.DB.QueryRow(ctx, `
		SELECT count(*), count(*) FILTER (WHERE version <= before)
		FROM (SELECT version, lag(version) OVER (PARTITION BY stream, key ORDER BY n) AS before
		      FROM bus_inbox WHERE version IS NOT NULL) AS applied`).Scan(&o.Events, &o.Inverted)
	if err != nil {
		return o, fmt.Errorf("look at the order of the inbox: %w", err)
	}
	return o, nil
}

func (c *Consumer) answerOrder(ctx context.Context) error {
	return Answer(ctx, c.cfg.NC, SubjectOrder(c.cfg.Service), c.cfg.Service, func(ctx context.Context, _ []byte) ([]byte, error) {
		o, err := c.order(ctx)
		if err != nil {
			c.cfg.Log.WarnContext(ctx, "order not looked at", "error", err.Error())
			return nil, err
		}
		return json.Marshal(o)
	})
}
