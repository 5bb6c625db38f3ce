package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Extension is a reason for which a recording is kept longer, through UntilOn; EndedOn is zero while the reason stands.
type Extension struct {
	Reason           string
	UntilOn, EndedOn calendar.Date
}

// Extensions of a recording, by reason.
func Extensions(ctx context.Context, db Querier, authority string, recording uuid.UUID) ([]Extension, error) {
	rows, err := db.Query(ctx, `SELECT reason, until_on, ended_on FROM recording_extension WHERE authority = $1 AND recording = $2 ORDER BY reason`, authority, recording)
	if err != nil {
		return nil, fmt.Errorf("read extensions of recording %s: %w", recording, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Extension, err error) {
		err = row.Scan(&e.Reason, &e.UntilOn, &e.EndedOn)
		return e, err
	})
}

// ExtensionsOf are the extensions of several recordings.
func ExtensionsOf(ctx context.Context, db Querier, authority string, recordings []uuid.UUID) (map[uuid.UUID][]Extension, error) {
	all := map[uuid.UUID][]Extension{}
	if len(recordings) == 0 {
		return all, nil
	}
	rows, err := db.Query(ctx, `SELECT recording, reason, until_on, ended_on FROM recording_extension WHERE authority = $1 AND recording = ANY($2)`,
		plannedAnew, authority, recordings)
	if err != nil {
		return nil, fmt.Errorf("read extensions of %d recordings: %w", len(recordings), err)
	}
	var of uuid.UUID
	var e Extension
	_, err = pgx.ForEachRow(rows, []any{&of, &e.Reason, &e.UntilOn, &e.EndedOn}, func() error {
		all[of] = append(all[of], e)
		return nil
	})
	return all, err
}

// SaveExtension writes a reason, in the place of an earlier one of the same name.
func SaveExtension(ctx context.Context, tx pgx.Tx, authority string, recording uuid.UUID, e Extension) error {
	_, err := tx.Exec(ctx, `INSERT INTO recording_extension (authority, recording, reason, until_on, ended_on) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (authority, recording, reason) DO UPDATE SET until_on = excluded.until_on, ended_on = excluded.ended_on`,
		authority, recording, e.Reason, e.UntilOn, e.EndedOn)
	if err != nil {
		return fmt.Errorf("extend recording %s: %w", recording, err)
	}
	return nil
}
