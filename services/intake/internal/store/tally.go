package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/pg"
)

// Tally counts what leaves nothing but a counter.
type Tally struct{ DB *pgxpool.Pool }

// Count adds in a transaction of its own and returns its number, also when it may have been committed although the answer
// was lost.
func (t Tally) Count(ctx context.Context, adds map[string]int64) (transaction string, err error) {
	err = pg.Tx(ctx, t.DB, func(tx pgx.Tx) error {
		if err := Count(ctx, tx, adds); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT pg_current_xact_id()::text`).Scan(&transaction)
	})
	return transaction, err
}

// ErrUndecided is a transaction that has not ended yet.
var ErrUndecided = errors.New("the transaction is still in progress")

// Done says whether a transaction was committed.
func (t Tally) Done(ctx context.Context, transaction string) (bool, error) {
	var status *string
	if err := t.DB.QueryRow(ctx, `SELECT pg_xact_status($1::text::xid8)`, transaction).Scan(&status); err != nil {
		return false, fmt.Errorf("look whether a count was committed: %w", err)
	}
	if status != nil && *status == "in progress" {
		return false, ErrUndecided
	}
	return status != nil && *status == "committed", nil
}
