package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Alarms.
const (
	BoundExceeded    = "statutory-bound-exceeded"
	WatermarkMissing = "watermark-missing"
	ReviewDue        = "hold-review-due"
)

// Everywhere is the authority of an alarm that concerns all of them.
const Everywhere = "all"

// Alarm is something that somebody must look at.
type Alarm struct {
	Authority string    `json:"authority"`
	Name      string    `json:"name"`
	Subject   string    `json:"subject"`
	RaisedAt  time.Time `json:"raisedAt"`
}

// RaiseAlarm opens an alarm; one that is open stays as it is.
func RaiseAlarm(ctx context.Context, tx pgx.Tx, authority string, a Alarm) error {
	_, err := tx.Exec(ctx, `INSERT INTO alarm (authority, name, subject, raised_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		authority, a.Name, a.Subject, a.RaisedAt)
	if err != nil {
		return fmt.Errorf("raise alarm %s: %w", a.Name, err)
	}
	return nil
}

// ClearAlarm closes an alarm.
func ClearAlarm(ctx context.Context, tx pgx.Tx, authority, name, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM alarm WHERE authority = $1 AND name = $2 AND subject = $3`, authority, name, subject)
	if err != nil {
		return fmt.Errorf("clear alarm %s: %w", name, err)
	}
	return nil
}

// CloseAlarm closes an alarm of an authority; false when it does not stand open.
func CloseAlarm(ctx context.Context, tx pgx.Tx, authority, name, subject string) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM alarm WHERE authority = $1 AND name = $2 AND subject = $3`, authority, name, subject)
	if err != nil {
		return false, fmt.Errorf("close alarm %s: %w", name, err)
	}
	return tag.RowsAffected() == 1, nil
}

// Alarms reads the open alarms of an authority and those that concern all; for "" every one.
func Alarms(ctx context.Context, q Querier, authority string) ([]Alarm, error) {
	rows, err := q.Query(ctx, `
		SELECT authority, name, subject, raised_at FROM alarm WHERE ($1 = '' OR authority IN ($1, $2))
		  AND ($3 OR subject NOT IN (SELECT unit::text FROM hidden_unit
			UNION ALL SELECT h.hold::text FROM hold AS h WHERE h.released_at IS NULL AND NOT h.blind AND `+hiddenTarget+`))
		ORDER BY raised_at, name, subject`, authority, Everywhere, Sees(ctx))
	if err != nil {
		return nil, fmt.Errorf("read alarms: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Alarm, error) {
		var a Alarm
		err := row.Scan(&a.Authority, &a.Name, &a.Subject, &a.RaisedAt)
		a.RaisedAt = a.RaisedAt.UTC()
		return a, err
	})
}

// NextBound is the earliest end of a last day by law that a living unit has before it.
func NextBound(ctx context.Context, q Querier) (at time.Time, ok bool, err error) {
	var first *time.Time
	err = q.QueryRow(ctx, `SELECT min(bound_at) FROM unit WHERE state <> 'disposed' AND NOT bound_alarm`).Scan(&first)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read next bound: %w", err)
	}
	return utc(first), first != nil, nil
}

// RaiseBounds opens an alarm for every unit that has outlived the last day by law.
func RaiseBounds(ctx context.Context, tx pgx.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `
		WITH exceeded AS (
			UPDATE unit SET bound_alarm = true WHERE state <> 'disposed' AND NOT bound_alarm AND bound_at <= $1
			RETURNING authority, unit)
		INSERT INTO alarm (authority, name, subject, raised_at)
		SELECT authority, $2, unit::text, $1 FROM exceeded ON CONFLICT DO NOTHING`, now, BoundExceeded)
	if err != nil {
		return fmt.Errorf("raise alarms of exceeded bounds: %w", err)
	}
	return nil
}
