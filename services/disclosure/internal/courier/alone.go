package courier

import (
	"context"
	"fmt"
	"time"
)

// lockKey of the session lock that makes one instance the courier.
const lockKey int64 = 0x6761_6c6c_6469_7363

// alone runs do while no other instance delivers; when one does, it does nothing. The lock dies with the session, so a
// crash frees it at once.
func (c *Courier) alone(ctx context.Context, do func() error) error {
	conn, err := c.DB.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Release()
	var held bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockKey).Scan(&held); err != nil || !held {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, lockKey); err != nil {
			_ = conn.Conn().Close(ctx)
		}
	}()
	return do()
}
