package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Transfer is that a processor was given one kind of an applicant's papers. It holds nothing of them.
type Transfer struct {
	Authority string
	Transfer  uuid.UUID
	Case      uuid.UUID
	Person    uuid.UUID
	Processor string // one of the pack's
	Kind      string
	MadeAt    time.Time // UTC
}

// InsertTransfer stores a transfer.
func InsertTransfer(ctx context.Context, tx pgx.Tx, t Transfer) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO transfer (authority, transfer, case_id, person, processor, kind, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.Authority, t.Transfer, t.Case, t.Person, t.Processor, t.Kind, t.MadeAt)
	if err != nil {
		return fmt.Errorf("write transfer down: %w", err)
	}
	return nil
}
