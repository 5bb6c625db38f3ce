package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Redeliver notes, in a restored database, what the ledger says was delivered since: nobody is sent it twice.
func Redeliver(ctx context.Context, tx pgx.Tx) error {
	for _, statement := range []string{
		`UPDATE disclosure AS d SET state = 'delivered', next_at = NULL FROM restored_word AS w
			WHERE w.kind = 'delivered' AND d.authority = w.authority AND d.id = w.record AND d.state = 'waiting'`,
		`INSERT INTO disclosure_log (authority, disclosure, kind, at)
			SELECT w.authority, w.record, '` + LogDelivered + `', w.done_at FROM restored_word AS w
			JOIN disclosure AS d ON d.authority = w.authority AND d.id = w.record WHERE w.kind = 'delivered' ORDER BY w.index
			ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("note what was delivered since the backup: %w", err)
		}
	}
	return nil
}
