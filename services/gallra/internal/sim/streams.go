package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// Streams are those of a deployment: Core is the user `simulator`, Stats the user
// `statistics-simulator`, who alone may delete them.
type Streams struct {
	Core, Stats *nats.Conn
	Contexts    []string
}

// renew deletes every stream and makes it again, empty, with the consumers that others
// read by.
func (s Streams) renew(ctx context.Context) error {
	if err := s.renewCore(ctx); err != nil {
		return err
	}
	return anew(ctx, s.Stats, []string{statistics.Stream}, func(jetstream.JetStream) error { return statistics.Provision(ctx, s.Stats) })
}

// renewCore leaves the analysts' stream alone.
func (s Streams) renewCore(ctx context.Context) error {
	var names []string
	for _, of := range s.Contexts {
		names = append(names, bus.StreamOf(of))
	}
	return anew(ctx, s.Core, names, func(js jetstream.JetStream) error { return bus.Provision(ctx, js, s.Contexts) })
}

func anew(ctx context.Context, nc *nats.Conn, names []string, provision func(jetstream.JetStream) error) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	readers := map[string][]jetstream.ConsumerConfig{}
	for _, name := range names {
		if readers[name], err = durables(ctx, js, name); err != nil {
			return err
		}
		if err := js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("delete stream %s: %w", name, err)
		}
	}
	if err := again(ctx, func() error { return provision(js) }); err != nil {
		return err
	}
	for name, all := range readers {
		for _, reader := range all {
			if _, err := js.CreateConsumer(ctx, name, reader); err != nil {
				return fmt.Errorf("make consumer %s of %s again: %w", reader.Name, name, err)
			}
		}
	}
	return nil
}

// The server may still be clearing a deleted stream's files away when its successor is to
// be made, and says then that it cannot make its store.
const (
	codeNoStore   = 10049
	clearedWithin = 15 * time.Second
)

func again(ctx context.Context, provision func() error) error {
	for give := clock.PaceNow().Add(clearedWithin); ; {
		err := provision()
		var refused *jetstream.APIError
		if err == nil || !errors.As(err, &refused) || refused.ErrorCode != codeNoStore || clock.PaceNow().After(give) {
			return err
		}
		if err := clock.Sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// durables are the consumers that a partner was given; services and analysts make theirs
// by themselves.
func durables(ctx context.Context, js jetstream.JetStream, name string) (all []jetstream.ConsumerConfig, err error) {
	stream, err := js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at stream %s: %w", name, err)
	}
	consumers := stream.ListConsumers(ctx)
	for consumer := range consumers.Info() {
		if consumer.Config.Durable != "" {
			all = append(all, consumer.Config)
		}
	}
	if err := consumers.Err(); err != nil {
		return nil, fmt.Errorf("list consumers of %s: %w", name, err)
	}
	return all, nil
}
