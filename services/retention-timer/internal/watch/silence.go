package watch

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/services/retention-timer/internal/store"
)

const (
	allowed = 15 * time.Minute // of real time that a watermark may be missing
	look    = 15 * time.Second
	slack   = time.Minute // real clocks are marked every few seconds; only a lag beyond this is silence
)

// Silence notices producers whose watermark stays behind. Silence is measured in real time, also under a simulated clock.
type Silence struct {
	DB    *pgxpool.Pool
	Clock clock.Business
	Log   *slog.Logger

	since map[string]time.Time
}

// Loop looks every quarter of a minute until ctx ends.
func (s *Silence) Loop(ctx context.Context) error {
	for {
		if err := s.Look(ctx, clock.PaceNow()); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "watermarks not looked at", "error", err.Error())
		}
		if err := clock.Sleep(ctx, look); err != nil {
			return err
		}
	}
}

// Look raises an alarm for each producer that has been behind for fifteen minutes, and clears those of the others.
func (s *Silence) Look(ctx context.Context, pace time.Time) error {
	now := s.Clock.Now()
	before := now
	if !s.Clock.Simulated() {
		before = now.Add(-slack)
	}
	return pg.Tx(ctx, s.DB, func(tx pgx.Tx) error {
		behind, abreast, err := store.Behind(ctx, tx, before)
		if err != nil {
			return err
		}
		for _, service := range s.silent(behind, pace) {
			alarm := store.Alarm{Name: store.WatermarkMissing, Subject: service, RaisedAt: now}
			if err := store.RaiseAlarm(ctx, tx, store.Everywhere, alarm); err != nil {
				return err
			}
		}
		for _, service := range abreast {
			if err := store.ClearAlarm(ctx, tx, store.Everywhere, store.WatermarkMissing, service); err != nil {
				return err
			}
		}
		return nil
	})
}

// silent keeps count of since when each service has been behind, and names those that have been so for too long.
func (s *Silence) silent(behind []string, pace time.Time) (silent []string) {
	since := map[string]time.Time{}
	for _, service := range behind {
		first, known := s.since[service]
		if !known {
			first = pace
		}
		since[service] = first
		if pace.Sub(first) >= allowed {
			silent = append(silent, service)
		}
	}
	s.since = since
	return silent
}
