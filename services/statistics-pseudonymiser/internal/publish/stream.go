// Package publish gives analysts the rows: once a day, shuffled, with no time
// finer than a quarter, into a stream of its own account. A row has one subject,
// and the stream keeps one message per subject: a changed row replaces itself,
// and a publication made twice is made once.
package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/statistics-pseudonymiser/internal/publish/subject"
)

// Stream is the analysts' stream.
const Stream = "STATS"

// Provision makes the stream where there is none. It never expires by itself:
// a row's end is this service's to decide.
func Provision(ctx context.Context, nc *nats.Conn) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("open JetStream: %w", err)
	}
	_, err = js.Stream(ctx, Stream)
	if err == nil {
		return nil
	}
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("look for stream %s: %w", Stream, err)
	}
	_, err = js.CreateStream(ctx, jetstream.StreamConfig{
		Name:               Stream,
		Description:        "Pseudonymised rows of closed cases, one message per row; read by period token",
		Subjects:           []string{subject.All},
		Storage:            jetstream.FileStorage,
		Retention:          jetstream.LimitsPolicy,
		MaxMsgsPerSubject:  1,
		Discard:            jetstream.DiscardNew,
		Duplicates:         2 * time.Minute,
		DenyDelete:         true, // purge stays: withdrawn and disposed rows leave by it
		AllowAtomicPublish: true,
	})
	if err != nil {
		return fmt.Errorf("provision stream %s: %w", Stream, err)
	}
	return nil
}
