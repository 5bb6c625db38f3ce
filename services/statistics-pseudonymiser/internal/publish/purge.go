package publish

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/pg"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// purgeAll takes rows out of the stream; a subject that holds nothing is no fault.
func (p *Publisher) purgeAll(ctx context.Context) error {
	const atOnce = 200
	for {
		subjects, err := store.Purges(ctx, p.DB, atOnce)
		if err != nil || len(subjects) == 0 {
			return err
		}
		if err := purge(ctx, p.Stats, subjects); err != nil {
			return err
		}
		if err := pg.Tx(ctx, p.DB, func(tx pgx.Tx) error { return store.Purged(ctx, tx, subjects) }); err != nil {
			return err
		}
	}
}

func purge(ctx context.Context, nc *nats.Conn, subjects []string) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("open JetStream: %w", err)
	}
	stream, err := js.Stream(ctx, Stream)
	if err != nil {
		return fmt.Errorf("open stream %s: %w", Stream, err)
	}
	for _, subject := range subjects {
		if err := stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return fmt.Errorf("purge a row: %w", err)
		}
	}
	return nil
}
