package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Complaint is what is not personal of a complaint about a recorded call; ClosedOn is zero while it is open.
type Complaint struct {
	Authority           string
	ID, Unit, Recording uuid.UUID
	OpenedOn, ClosedOn  calendar.Date
}

// AddComplaint writes the row beside its contact.
func AddComplaint(ctx context.Context, tx pgx.Tx, c Complaint) error {
	_, err := tx.Exec(ctx, `INSERT INTO complaint (authority, id, recording, opened_on) VALUES ($1, $2, $3, $4)`, c.Authority, c.ID, c.Recording, c.OpenedOn)
	if err != nil {
		return fmt.Errorf("add complaint %s: %w", c.ID, err)
	}
	return nil
}

// LockComplaint returns a living complaint and keeps it as it is until tx ends.
func LockComplaint(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (c Complaint, found bool, err error) {
	err = tx.QueryRow(ctx, `SELECT p.authority, p.id, c.unit, p.recording, p.opened_on, p.closed_on FROM complaint p JOIN contact c USING (authority, id)
		WHERE p.authority = $1 AND p.id = $2 FOR UPDATE`, authority, id).Scan(&c.Authority, &c.ID, &c.Unit, &c.Recording, &c.OpenedOn, &c.ClosedOn)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("find complaint %s: %w", id, err)
	}
	return c, true, nil
}

// CloseComplaint says when the complaint was answered.
func CloseComplaint(ctx context.Context, tx pgx.Tx, c Complaint, on calendar.Date) error {
	if _, err := tx.Exec(ctx, `UPDATE complaint SET closed_on = $3 WHERE authority = $1 AND id = $2`, c.Authority, c.ID, on); err != nil {
		return fmt.Errorf("close complaint %s: %w", c.ID, err)
	}
	return nil
}

// OpenComplaints counts the complaints about a recording that are not closed.
func OpenComplaints(ctx context.Context, db Querier, authority string, recording uuid.UUID) (n int, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) FROM complaint WHERE authority = $1 AND recording = $2 AND closed_on IS NULL`, authority, recording).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count complaints about recording %s: %w", recording, err)
	}
	return n, nil
}
