package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Withdraw notes the day on which the consent that a contact was kept with was withdrawn: from at, when that day began, nobody
// reads it. ok is false when it was withdrawn before, or is gone.
func Withdraw(ctx context.Context, tx pgx.Tx, authority string, contact uuid.UUID, on calendar.Date, at time.Time) (unit uuid.UUID, ok bool, err error) {
	err = tx.QueryRow(ctx, `
		UPDATE contact c SET withdrawn_on = $3::text::date, due_on = $3::text::date, due_at = $4
		WHERE c.authority = $1 AND c.id = $2 AND c.withdrawn_on IS NULL
			AND NOT EXISTS (SELECT FROM intent i WHERE i.authority = c.authority AND i.unit = c.unit)
		RETURNING c.unit`, authority, contact, on.String(), at).Scan(&unit)
	if errors.Is(err, pgx.ErrNoRows) {
		return unit, false, nil
	}
	if err != nil {
		return unit, false, fmt.Errorf("withdraw consent of contact %s: %w", contact, err)
	}
	return unit, true, nil
}
