package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Group is what is known of a job-seeker group.
type Group struct {
	StartOn calendar.Date
	EndOn   calendar.Date // planned or past; zero: not known yet
}

// AddGroup writes a group that is not known yet.
func AddGroup(ctx context.Context, tx pgx.Tx, authority string, group uuid.UUID, g Group) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO group_fact (authority, group_id, start_on, end_on) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		authority, group, g.StartOn, g.EndOn)
	if err != nil {
		return fmt.Errorf("add group %s: %w", group, err)
	}
	return nil
}

// LockGroup locks and reads a group; ok is false for one never heard of, or gone with all its participants.
func LockGroup(ctx context.Context, tx pgx.Tx, authority string, group uuid.UUID) (g Group, ok bool, err error) {
	err = tx.QueryRow(ctx, `SELECT start_on, end_on FROM group_fact WHERE authority = $1 AND group_id = $2 FOR UPDATE`, authority, group).
		Scan(&g.StartOn, &g.EndOn)
	if err == pgx.ErrNoRows {
		return Group{}, false, nil
	}
	if err != nil {
		return Group{}, false, fmt.Errorf("lock group %s: %w", group, err)
	}
	return g, true, nil
}

// MoveGroup writes a group's last day, and makes it the own day of each participant's unit.
func MoveGroup(ctx context.Context, tx pgx.Tx, authority string, group uuid.UUID, endOn calendar.Date) error {
	batch := &pgx.Batch{}
	batch.Queue(`UPDATE group_fact SET end_on = $3 WHERE authority = $1 AND group_id = $2`, authority, group, endOn)
	batch.Queue(`UPDATE unit SET own_on = $3 WHERE authority = $1 AND group_id = $2 AND state <> 'disposed'`, authority, group, endOn)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("move end of group %s: %w", group, err)
	}
	return nil
}

// forgetGroups drops the groups whose last participant is disposed of.
const forgetGroups = `
	DELETE FROM group_fact AS g USING unit AS u
	WHERE u.authority = $1 AND u.unit = ANY($2) AND g.authority = $1 AND g.group_id = u.group_id
	  AND NOT EXISTS (SELECT 1 FROM unit AS o WHERE o.authority = $1 AND o.group_id = g.group_id AND o.state <> 'disposed')`
