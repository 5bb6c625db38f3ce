package connect

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/credentials"
)

// EnsureReaders makes the consumers that partners read by, or gives an existing one its
// filters. A new one begins with the oldest event that its stream still holds.
func EnsureReaders(ctx context.Context, js jetstream.JetStream, readers []credentials.Reader) error {
	for _, r := range readers {
		_, err := js.CreateOrUpdateConsumer(ctx, r.Stream, jetstream.ConsumerConfig{
			Durable:        r.Name,
			FilterSubjects: r.Filters,
			DeliverPolicy:  jetstream.DeliverAllPolicy,
			AckPolicy:      jetstream.AckExplicitPolicy,
		})
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("there is no stream %s yet: start the system first (`gallra up`, or `gallra provision` in containers)", r.Stream)
		}
		if err != nil {
			return fmt.Errorf("make consumer %s of %s: %w", r.Name, r.Stream, err)
		}
	}
	return nil
}

// dropReaders deletes those that are there.
func dropReaders(ctx context.Context, js jetstream.JetStream, readers []credentials.Reader) error {
	for _, r := range readers {
		err := js.DeleteConsumer(ctx, r.Stream, r.Name)
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("delete consumer %s of %s: %w", r.Name, r.Stream, err)
		}
	}
	return nil
}

// without are the readers of before on streams that nothing is read of any more.
func without(before, after []credentials.Reader) (gone []credentials.Reader) {
	kept := map[string]bool{}
	for _, r := range after {
		kept[r.Stream] = true
	}
	for _, r := range before {
		if !kept[r.Stream] {
			gone = append(gone, r)
		}
	}
	return gone
}
