package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Command remembers a line that was carried out, so that the same line again is answered as the first time (D16). The
// fingerprint of its content means nothing once the unit's key is gone; then any repeat counts as the same.
type Command struct {
	Authority   string
	SourceMAC   []byte
	Unit        uuid.UUID
	Fingerprint []byte
	Answer      []byte // JSON of opaque ids
}

func scanCommand(row pgx.CollectableRow) (c Command, err error) {
	err = row.Scan(&c.Authority, &c.SourceMAC, &c.Unit, &c.Fingerprint, &c.Answer)
	return c, err
}

// FindCommand reads a command by the HMAC of its source id.
func FindCommand(ctx context.Context, db DB, authority string, mac []byte) (Command, bool, error) {
	return one(ctx, db, scanCommand, `
		SELECT authority, source_mac, unit, fingerprint, answer FROM command WHERE authority = $1 AND source_mac = $2`, authority, mac)
}

// InsertCommand stores a command; false when another request was quicker.
func InsertCommand(ctx context.Context, tx pgx.Tx, c Command) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO command (authority, source_mac, unit, fingerprint, answer) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		c.Authority, c.SourceMAC, c.Unit, c.Fingerprint, c.Answer)
	if err != nil {
		return false, fmt.Errorf("remember command: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
