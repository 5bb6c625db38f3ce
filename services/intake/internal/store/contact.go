package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Contact is a row to be written.
type Contact struct {
	Authority   string
	ID, Unit    uuid.UUID
	Category    string
	EndedOn     calendar.Date // zero: it has not ended
	Ciphertext  []byte
	Fingerprint []byte
	Commitment  []byte
}

// AddContacts writes rows in one statement.
func AddContacts(ctx context.Context, tx pgx.Tx, rows []Contact) error {
	if len(rows) == 0 {
		return nil
	}
	authorities, ids, units := make([]string, len(rows)), make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	categories, ended := make([]string, len(rows)), make([]string, len(rows))
	texts, prints, commitments := make([][]byte, len(rows)), make([][]byte, len(rows)), make([][]byte, len(rows))
	for i, r := range rows {
		authorities[i], ids[i], units[i], categories[i], ended[i] = r.Authority, r.ID, r.Unit, r.Category, r.EndedOn.String()
		texts[i], prints[i], commitments[i] = r.Ciphertext, r.Fingerprint, r.Commitment
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO contact (authority, id, unit, category, ended_on, ciphertext, fingerprint, commitment)
		SELECT authority, id, unit, category, nullif(ended_on, '')::date, ciphertext, fingerprint, commitment
		FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[])
			AS r (authority, id, unit, category, ended_on, ciphertext, fingerprint, commitment)`,
		authorities, ids, units, categories, ended, texts, prints, commitments)
	if err != nil {
		return fmt.Errorf("add %d contacts: %w", len(rows), err)
	}
	return nil
}

// Holding is what intake has of a contact: all of it, or a tombstone (Living is
// false), and whether its disposal is committed.
type Holding struct {
	ID             uuid.UUID
	Living         bool
	Intended       bool
	Unit           uuid.UUID
	Category       string
	Ciphertext     []byte
	Fingerprint    []byte
	DueOn          calendar.Date
	DueAt          *time.Time
	Held           bool // a hold pauses it
	LinkedCase     *uuid.UUID
	UnlinkedReason *string
	Protected      bool // only appointed officers may know of it, or of what is left of it
}

// Readable says whether a reader may still have it at now: until it is due, and
// for as long as a hold pauses it.
func (h Holding) Readable(now time.Time) bool {
	return h.Living && !h.Intended && (h.Held || h.DueAt == nil || now.Before(*h.DueAt))
}

const holding = `
	SELECT t.id, c.id IS NOT NULL, i.unit IS NOT NULL, coalesce(c.unit, t.id), coalesce(c.category, ''),
		c.ciphertext, c.fingerprint, c.due_on, c.due_at,
		EXISTS (SELECT FROM unit_hold h WHERE h.authority = c.authority AND h.unit = c.unit), c.linked_case, c.unlinked_reason,
		t.protected OR ` + protected

const holdingFrom = `
	LEFT JOIN contact c ON c.authority = t.authority AND c.id = t.id
	LEFT JOIN intent i ON i.authority = t.authority AND i.contact = t.id`

func (h *Holding) scan(row pgx.Row, more ...any) error {
	return row.Scan(append([]any{&h.ID, &h.Living, &h.Intended, &h.Unit, &h.Category,
		&h.Ciphertext, &h.Fingerprint, &h.DueOn, &h.DueAt, &h.Held, &h.LinkedCase, &h.UnlinkedReason, &h.Protected}, more...)...)
}

// FindContact finds a contact by its id; pgx.ErrNoRows when there never was one.
func FindContact(ctx context.Context, db Querier, authority string, id uuid.UUID) (h Holding, err error) {
	err = h.scan(db.QueryRow(ctx, holding+` FROM tombstone t`+holdingFrom+` WHERE t.authority = $1 AND t.id = $2`, authority, id))
	return h, err
}

// Living counts contacts by category.
func Living(ctx context.Context, db Querier) (map[string]int64, error) {
	rows, err := db.Query(ctx, `SELECT category, count(*) FROM contact GROUP BY category`)
	if err != nil {
		return nil, fmt.Errorf("count contacts: %w", err)
	}
	return counts(rows)
}

func counts(rows pgx.Rows) (map[string]int64, error) {
	all := map[string]int64{}
	var name string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&name, &n}, func() error { all[name] = n; return nil })
	return all, err
}

// Alive tells which units have a contact, or the look-up of an objection.
func Alive(db Querier) func(ctx context.Context, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
	return func(ctx context.Context, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
		rows, err := db.Query(ctx, `SELECT unit FROM contact WHERE authority = $1 AND unit = ANY($2)
			UNION ALL SELECT id FROM objection WHERE authority = $1 AND id = ANY($2)`, authority, units)
		if err != nil {
			return nil, fmt.Errorf("look for contacts of units: %w", err)
		}
		return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	}
}
