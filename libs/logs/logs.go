// Package logs makes the one kind of logger: JSON lines with a constant message and attributes. It promises nothing
// about content: personal data must not be given to it, and sensitive types redact themselves. A line that is written
// while a trace is followed names it (trace_id), so that the lines of one request are found in every service's log.
package logs

import (
	"context"
	"io"
	"log/slog"

	"gallra.se/libs/trace"
)

// New writes lines at level info and above, each naming the service.
func New(w io.Writer, service string) *slog.Logger {
	lines := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo})
	return slog.New(following{lines}).With("service", service)
}

// following adds the trace of the line's context.
type following struct{ slog.Handler }

func (f following) Handle(ctx context.Context, line slog.Record) error {
	if id := trace.ID(ctx); id != "" {
		line.AddAttrs(slog.String("trace_id", id))
	}
	return f.Handler.Handle(ctx, line)
}

func (f following) WithAttrs(attrs []slog.Attr) slog.Handler {
	return following{f.Handler.WithAttrs(attrs)}
}

func (f following) WithGroup(name string) slog.Handler { return following{f.Handler.WithGroup(name)} }
