package courier

import (
	"context"
	"errors"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/gauge"
	"gallra.se/libs/outside"

	"gallra.se/services/disclosure/internal/delivery"
)

var errNoEndpoint = errors.New("no endpoint is configured for this recipient")

// Doors are the recipients' endpoints, each behind a breaker of its own.
type Doors struct {
	endpoints map[string]string
	breakers  map[string]*outside.Breaker
}

// NewDoors makes a breaker per endpoint, all with the same limits.
func NewDoors(endpoints map[string]string, limits outside.Config, log *slog.Logger) *Doors {
	d := &Doors{endpoints, map[string]*outside.Breaker{}}
	for recipient := range endpoints {
		c := limits
		c.Name = recipient
		c.Changed = func(from, to string) {
			log.Warn("breaker changed state", "recipient", recipient, "from", from, "to", to)
		}
		d.breakers[recipient] = outside.New(c)
	}
	return d
}

func (d *Doors) post(ctx context.Context, recipient string, body []byte, key string) error {
	b, ok := d.breakers[recipient]
	if !ok {
		return errNoEndpoint
	}
	_, err := b.Post(ctx, d.endpoints[recipient], delivery.ContentType, body, outside.Header{Name: HeaderKey, Value: key})
	return err
}

// Breaker is how one endpoint has fared since the start.
type Breaker struct {
	State  string `json:"state"`
	Calls  uint64 `json:"calls"`
	Failed uint64 `json:"failed"`
	Opened uint64 `json:"opened"`
}

// Breakers by recipient.
func (d *Doors) Breakers() map[string]Breaker {
	out := map[string]Breaker{}
	for recipient, b := range d.breakers {
		calls, failed := b.Counts()
		out[recipient] = Breaker{b.State(), calls, failed, b.Opened()}
	}
	return out
}

// Describe and Collect make Doors a prometheus.Collector.
func (d *Doors) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{stateDesc, openedDesc, callsDesc} {
		out <- desc
	}
}

// Collect tells the breakers' state, how often they opened, and how calls went.
func (d *Doors) Collect(out chan<- prometheus.Metric) {
	for recipient, b := range d.Breakers() {
		for _, state := range outside.States() {
			is := 0.0
			if b.State == state {
				is = 1
			}
			out <- gauge.Value(stateDesc, is, recipient, state)
		}
		out <- gauge.Total(openedDesc, float64(b.Opened), recipient)
		out <- gauge.Total(callsDesc, float64(b.Calls-b.Failed), recipient, "taken")
		out <- gauge.Total(callsDesc, float64(b.Failed), recipient, "failed")
	}
}

var (
	stateDesc  = prometheus.NewDesc("gallra_disclosure_breaker_state", "1 for the state that the recipient's breaker is in: closed, half-open or open.", []string{"recipient", "state"}, nil)
	openedDesc = prometheus.NewDesc("gallra_disclosure_breaker_opened_total", "How often the recipient's breaker opened.", []string{"recipient"}, nil)
	callsDesc  = prometheus.NewDesc("gallra_disclosure_calls_total", "Calls to the recipient's endpoint, by how they went: taken or failed.", []string{"recipient", "outcome"}, nil)
)
