package sim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
)

// Setting is what --clock says.
type Setting struct {
	Simulated bool
	Start     time.Time // zero: the machine's present time
}

// ErrSetting is a --clock that cannot be read.
var ErrSetting = errors.New("want real, simulated, simulated=2021-01-01 or simulated=2021-01-01T08:00:00Z")

// ParseSetting reads --clock. A date begins at its 00:00 UTC.
func ParseSetting(text string) (Setting, error) {
	kind, start, given := strings.Cut(text, "=")
	switch {
	case kind == "real" && !given:
		return Setting{}, nil
	case kind == "simulated" && !given:
		return Setting{Simulated: true}, nil
	case kind != "simulated":
		return Setting{}, fmt.Errorf("--clock %s: %w", text, ErrSetting)
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, start); err == nil {
			return Setting{Simulated: true, Start: at.UTC()}, nil
		}
	}
	return Setting{}, fmt.Errorf("--clock %s: %w", text, ErrSetting)
}

// Prepare makes the table of the simulated time and returns the setting that counts: a
// stored time wins over the flag.
func Prepare(ctx context.Context, url string, flag Setting) (pool *pgxpool.Pool, setting Setting, err error) {
	if err := pg.Migrate(ctx, url, clock.Migrations, "migrations", "clock_version"); err != nil {
		return nil, flag, err
	}
	pool, err = pg.Open(ctx, url, pg.MaxConns(2))
	if err != nil {
		return nil, flag, err
	}
	stored, found, err := clock.Table{Pool: pool}.Load(ctx)
	if err != nil {
		pool.Close()
		return nil, flag, fmt.Errorf("load simulated time: %w", err)
	}
	if found {
		return pool, Setting{Simulated: true, Start: stored.Now.UTC()}, nil
	}
	if flag.Simulated && flag.Start.IsZero() {
		flag.Start = clock.PaceNow()
	}
	return pool, flag, nil
}

// Coordinate starts the coordinator.
func Coordinate(ctx context.Context, pool *pgxpool.Pool, nc *nats.Conn, start time.Time, services []string, log *slog.Logger) (*clock.Coordinator, error) {
	return clock.NewCoordinator(ctx, nc, clock.Table{Pool: pool}, start, services, log)
}
