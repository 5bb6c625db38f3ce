package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Participant is what is not personal of somebody who takes part in a group; LeftOn is zero while she does.
type Participant struct {
	Authority        string
	ID, Unit, Group  uuid.UUID
	JoinedOn, LeftOn calendar.Date
}

// AddParticipant writes the row beside its contact.
func AddParticipant(ctx context.Context, tx pgx.Tx, p Participant) error {
	_, err := tx.Exec(ctx, `INSERT INTO participant (authority, id, job_group, joined_on) VALUES ($1, $2, $3, $4)`, p.Authority, p.ID, p.Group, p.JoinedOn)
	if err != nil {
		return fmt.Errorf("add participant %s: %w", p.ID, err)
	}
	return nil
}

// LockParticipant returns a living participant of a group and keeps her as she is until tx ends.
func LockParticipant(ctx context.Context, tx pgx.Tx, authority string, group, id uuid.UUID) (p Participant, found bool, err error) {
	err = tx.QueryRow(ctx, `SELECT p.authority, p.id, c.unit, p.job_group, p.joined_on, p.left_on FROM participant p JOIN contact c USING (authority, id)
		WHERE p.authority = $1 AND p.job_group = $2 AND p.id = $3 FOR UPDATE`, authority, group, id).
		Scan(&p.Authority, &p.ID, &p.Unit, &p.Group, &p.JoinedOn, &p.LeftOn)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("find participant %s: %w", id, err)
	}
	return p, true, nil
}

// LeaveGroup says when somebody took part no longer; a zero day takes it back.
func LeaveGroup(ctx context.Context, tx pgx.Tx, p Participant, on calendar.Date) error {
	if _, err := tx.Exec(ctx, `UPDATE participant SET left_on = $3 WHERE authority = $1 AND id = $2`, p.Authority, p.ID, on); err != nil {
		return fmt.Errorf("note that participant %s left: %w", p.ID, err)
	}
	return nil
}

// TakesPart says whether a living record is that of a participant of the group.
func TakesPart(ctx context.Context, db Querier, authority string, group, id uuid.UUID) (there bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM participant WHERE authority = $1 AND job_group = $2 AND id = $3)`, authority, group, id).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for participant %s: %w", id, err)
	}
	return there, nil
}
