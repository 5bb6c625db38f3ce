package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Campaign is a mailing that went out. Of its receivers there is only how many they were, and who was left out by place.
type Campaign struct {
	Authority, Name string
	ID              uuid.UUID
	Title, Audience string
	Inputs          []string
	Recipients      int
	LeftOut         []int
	SentAt          time.Time
}

// Sent is how many it went to.
func (c Campaign) Sent() int { return c.Recipients - len(c.LeftOut) }

// AddCampaign writes a mailing down; first is false where one of that name went out before.
func AddCampaign(ctx context.Context, tx pgx.Tx, c Campaign) (first bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO campaign (authority, name, id, title, audience, inputs, recipients, left_out, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		c.Authority, c.Name, c.ID, c.Title, c.Audience, c.Inputs, c.Recipients, c.LeftOut, c.SentAt)
	if err != nil {
		return false, fmt.Errorf("add campaign: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// FindCampaign finds a mailing by its name; found is false when there was none.
func FindCampaign(ctx context.Context, db Querier, authority, name string) (c Campaign, found bool, err error) {
	err = db.QueryRow(ctx, `SELECT authority, name, id, title, audience, inputs, recipients, left_out, sent_at FROM campaign
		WHERE authority = $1 AND name = $2`, authority, name).
		Scan(&c.Authority, &c.Name, &c.ID, &c.Title, &c.Audience, &c.Inputs, &c.Recipients, &c.LeftOut, &c.SentAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("find campaign: %w", err)
	}
	return c, true, nil
}
