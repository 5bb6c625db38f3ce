package pg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// attempts bounds how often a transaction is run. There is no pause between
// them: PostgreSQL has already made the loser wait (deadlock_timeout), and the
// winner's locks make the next attempt wait where it must.
const attempts = 8

// Beginner is a pool or a connection.
type Beginner interface {
	BeginTx(ctx context.Context, opts pgx.TxOptions) (pgx.Tx, error)
}

// Tx runs do in a transaction and commits it. A deadlock or serialization fault
// runs do again from the start, so do must leave no trace outside the
// transaction when it returns an error.
func Tx(ctx context.Context, db Beginner, do func(pgx.Tx) error) error {
	var err error
	for range attempts {
		err = Once(ctx, db, do)
		if !Transient(err) {
			return err
		}
	}
	return err
}

// Once is Tx without the repeat: a deadlock is the caller's to see (Transient).
func Once(ctx context.Context, db Beginner, do func(pgx.Tx) error) error {
	tx, err := db.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// Transient reports whether err is a deadlock or a serialization fault: the
// same transaction may succeed when it is run again.
func Transient(err error) bool {
	code := Code(err)
	return code == "40001" || code == "40P01"
}

// Code is the SQLSTATE of err, or "".
func Code(err error) string {
	var fault *pgconn.PgError
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}
