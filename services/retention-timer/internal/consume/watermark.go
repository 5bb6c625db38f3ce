package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// Watermark notes that all that a producer committed before an instant has been applied here.
func Watermark(ctx context.Context, tx pgx.Tx, w bus.Watermark) error {
	return store.PassWatermark(ctx, tx, store.Awaited{Stream: w.Stream, Service: w.Service}, w.Partitions, w.At)
}
