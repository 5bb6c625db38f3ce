package scenario

import (
	"context"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// processorActivate takes a company into use that processes data on the authority's behalf.
func (r *run) processorActivate(ctx context.Context, step Step) (client.Answer, error) {
	document := map[string]any{"at": step.At.Format(time.RFC3339)}
	for _, key := range words("processor country") {
		if err := copyText(document, step.With, key); err != nil {
			return client.Answer{}, err
		}
	}
	for _, key := range words("secrecy dedicated") {
		yes, err := step.With.Bool(key)
		if err != nil {
			return client.Answer{}, err
		}
		document[key] = yes
	}
	return r.post(ctx, step, "/v1/processors", document)
}
