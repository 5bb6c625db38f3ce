package assembly

import (
	"context"
	"time"

	"gallra.se/libs/trace"
)

// untraced is the statistics side: the time at which a row was taken in, told to the
// microsecond, would say which case was closed at that time (D12).
const untraced = "statistics-pseudonymiser"

// sendLast is how long an ending service may take to send its last spans.
const sendLast = 3 * time.Second

// traced has all that the service does under the returned context followed, where the
// environment asks for it. A span that cannot be sent is no reason not to end.
func traced(ctx context.Context, c Config) (context.Context, func(), error) {
	if c.Service == untraced {
		return ctx, func() {}, nil
	}
	followed, stop, err := trace.Start(ctx, c.Service, c.Instance, c.Log)
	return followed, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendLast)
		defer cancel()
		if err := stop(ctx); err != nil {
			c.Log.WarnContext(ctx, "the last spans were not sent", "error", err.Error())
		}
	}, err
}
