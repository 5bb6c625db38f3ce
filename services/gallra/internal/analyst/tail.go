// Package analyst reads the analysts' stream as an analyst does: with credentials that can
// read one stream and do nothing else. It says what the server denied, which reaches a
// client otherwise only as a time-out.
package analyst

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/credentials"
)

// Stream is the analysts' stream in their account.
const Stream = "STATS"

// user is the name that the credentials' inbox bears.
const user = "analyst"

// Login is an analyst's credentials. CA is the file of the CA behind a tls:// address.
type Login struct{ URL, SeedFile, CA string }

// Row is one message of the stream.
type Row struct {
	Subject string
	Data    []byte
}

// Tail calls take for every row from the first on. Without follow it returns at the end
// of the stream.
func Tail(ctx context.Context, login Login, follow bool, take func(Row) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	nc, err := connect(login, func(err error) { cancel(err) })
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.NewWithDomain(nc, credentials.Domain)
	if err != nil {
		return err
	}
	err = tail(ctx, js, follow, take)
	if denied := context.Cause(ctx); denied != nil && !errors.Is(denied, context.Canceled) {
		return denied
	}
	return err
}

// connect reports a denial to denied: it arrives apart from the call that it answers.
func connect(login Login, denied func(error)) (*nats.Conn, error) {
	seed, err := nats.NkeyOptionFromSeed(login.SeedFile)
	if err != nil {
		return nil, fmt.Errorf("read the analyst's key: %w", err)
	}
	options := []nats.Option{seed, nats.Name("gallra/analyst"), nats.CustomInboxPrefix(credentials.InboxPrefix(user)),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			if errors.Is(err, nats.ErrPermissionViolation) {
				denied(fmt.Errorf("the server denied it: %w", err))
			}
		})}
	if login.CA != "" {
		options = append(options, nats.RootCAs(login.CA))
	}
	nc, err := nats.Connect(login.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("connect as an analyst: %w", err)
	}
	return nc, nil
}

func tail(ctx context.Context, js jetstream.JetStream, follow bool, take func(Row) error) error {
	consumer, err := js.CreateConsumer(ctx, Stream, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverAllPolicy, AckPolicy: jetstream.AckNonePolicy,
		InactiveThreshold: time.Minute, MemoryStorage: true,
	})
	if err != nil {
		return fmt.Errorf("read stream %s: %w", Stream, err)
	}
	left := int64(consumer.CachedInfo().NumPending)
	for follow || left > 0 {
		batch, err := consumer.Fetch(100, jetstream.FetchMaxWait(2*time.Second))
		if err != nil {
			return fmt.Errorf("read stream %s: %w", Stream, err)
		}
		for m := range batch.Messages() {
			if err := take(Row{m.Subject(), m.Data()}); err != nil {
				return err
			}
			left--
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := batch.Error(); err != nil {
			return fmt.Errorf("read stream %s: %w", Stream, err)
		}
	}
	return nil
}
