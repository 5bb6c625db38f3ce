// Package logs makes the one kind of logger: JSON lines with a constant message and attributes. It promises nothing
// about content: personal data must not be given to it, and sensitive types redact themselves.
package logs

import (
	"io"
	"log/slog"
)

// New writes lines at level info and above, each naming the service.
func New(w io.Writer, service string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo})).With("service", service)
}
