package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Kinds of log entries: the log's own words.
const (
	LogGranted   = "disclosure.granted"
	LogDenied    = "disclosure.denied"
	LogNoData    = "disclosure.noData"
	LogDelivered = "disclosure.delivered"
	LogHeld      = "disclosure.held"
)

// Entry is one line of the log with what it is about. IDs and field names, no values.
type Entry struct {
	At         time.Time  `json:"at"`
	Kind       string     `json:"kind"`
	Authority  string     `json:"authority"`
	Disclosure uuid.UUID  `json:"disclosure"`
	Recipient  string     `json:"recipient"`
	Person     *uuid.UUID `json:"person,omitempty"`
	Mode       string     `json:"mode"`
	Fields     []string   `json:"fields"`
	Rule       string     `json:"rule"`
	Purpose    string     `json:"purpose,omitempty"`
	LawRef     string     `json:"lawRef,omitempty"`
}

// Filter narrows the log of one authority down; zero values do not.
type Filter struct {
	Disclosure *uuid.UUID
	Person     *uuid.UUID
	Recipient  string
	Limit      int
	Appointed  bool // what is about protected persons too
}

// AppendLog writes an entry. The table has each kind once per disclosure.
func AppendLog(ctx context.Context, tx pgx.Tx, authority string, disclosure uuid.UUID, kind string, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO disclosure_log (authority, disclosure, kind, at) VALUES ($1, $2, $3, $4)`,
		authority, disclosure, kind, at)
	if err != nil {
		return fmt.Errorf("log %s: %w", kind, err)
	}
	return nil
}

// Log reads an authority's entries, oldest first. For who is not appointed there are none about protected persons; one that is
// held reads like one about nobody.
func Log(ctx context.Context, db *pgxpool.Pool, authority string, f Filter) ([]Entry, error) {
	rows, err := db.Query(ctx, `
		SELECT l.at, CASE WHEN x.nobody THEN 'disclosure.noData' ELSE l.kind END, l.authority, l.disclosure, d.recipient,
			CASE WHEN NOT x.nobody THEN d.person END, d.mode, d.fields, d.rule, d.purpose, d.law_ref
		FROM disclosure_log AS l JOIN disclosure AS d ON d.authority = l.authority AND d.id = l.disclosure
		CROSS JOIN LATERAL (SELECT NOT $6 AND d.decision = 'held' AS nobody, NOT $6 AND (d.protected OR EXISTS (
			SELECT FROM protected_person AS p WHERE p.authority = d.authority AND p.person = d.person)) AS hidden) AS x
		WHERE l.authority = $1 AND ($2::uuid IS NULL OR l.disclosure = $2) AND ($3::uuid IS NULL OR d.person = $3)
			AND ($4 = '' OR d.recipient = $4) AND (NOT x.hidden OR x.nobody AND $3::uuid IS NULL)
		ORDER BY l.id LIMIT $5`, authority, f.Disclosure, f.Person, f.Recipient, f.Limit, f.Appointed)
	if err != nil {
		return nil, fmt.Errorf("read disclosure log: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Entry, error) {
		e, err := pgx.RowToStructByPos[Entry](row)
		e.At = e.At.UTC()
		return e, err
	})
}
