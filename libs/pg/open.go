package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/world"
)

// Option changes the pool's configuration before it is opened.
type Option func(*pgxpool.Config)

// idleInTransaction bounds how long a transaction may do nothing: the locks of a process
// that was stopped or cut off must not keep other instances of its service for ever.
const idleInTransaction = "30s"

// MaxConns bounds the pool.
func MaxConns(n int32) Option {
	return func(c *pgxpool.Config) { c.MaxConns = n }
}

// Open returns a pool on url that has reached the server once. The error never
// shows the url: it holds a password.
func Open(ctx context.Context, url string, opts ...Option) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database url: %w", err)
	}
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = idleInTransaction
	config.ConnConfig.RuntimeParams[setting] = world.All
	config.AfterConnect = plainUUIDs
	for _, opt := range opts {
		opt(config)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", config.ConnConfig.Database, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database %s: %w", config.ConnConfig.Database, explained(err))
	}
	return pool, nil
}
