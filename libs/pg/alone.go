package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// aloneFor bounds how long a process that was stopped or cut off keeps others waiting.
const aloneFor = 2 * time.Minute

// Alone waits for its turn and runs do: of all who ask a database for one key, one at a
// time. The lock is a session's and goes with it, so that a crash gives the turn to the
// next at once. It spares work that would be done twice; what must not be done twice needs
// a lock of its own transaction, since a turn ends after two minutes whether do has ended
// or not. It keeps a connection of the pool; do takes others.
func Alone(ctx context.Context, pool *pgxpool.Pool, key int64, do func(context.Context) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Release()
	_, err = conn.Exec(ctx, `SELECT set_config('idle_session_timeout', $2, false), pg_advisory_lock($1)`, key, fmt.Sprint(aloneFor.Milliseconds()))
	if err != nil {
		return fmt.Errorf("wait for a turn: %w", err)
	}
	defer func() { // closed rather than unlocked where the context has ended
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)`, key); err != nil {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = conn.Conn().Close(ctx)
		}
	}()
	return do(ctx)
}
