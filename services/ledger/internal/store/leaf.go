package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/services/ledger/internal/tree"
	"gallra.se/services/ledger/receipt"
)

// Leaf is a row: the text that is hashed, and from it what rows are found by.
type Leaf struct {
	Index     int64
	Kind      string
	Record    uuid.UUID
	Authority string
	Rule      string
	Text      string
}

const leafColumns = `index, kind, record, authority, rule, text`

// Append adds leaves and their hashes to the log, those whose record it has not
// yet, and returns how many. It holds the lock on the log until tx ends.
func Append(ctx context.Context, tx pgx.Tx, leaves []receipt.Leaf) (int, error) {
	texts := make([]string, len(leaves))
	for i, leaf := range leaves {
		var err error
		if texts[i], err = leaf.Text(); err != nil {
			return 0, fmt.Errorf("write leaf: %w", err)
		}
	}
	size, err := LockSize(ctx, tx)
	if err != nil {
		return 0, err
	}
	leaves, texts, err = unknown(ctx, tx, leaves, texts)
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	growth, err := tree.Grow(size, texts, NodesIn(ctx, tx))
	if err != nil {
		return 0, err
	}
	if err := addLeaves(ctx, tx, size, leaves, texts); err != nil {
		return 0, err
	}
	if err := addNodes(ctx, tx, growth); err != nil {
		return 0, err
	}
	return len(leaves), setSize(ctx, tx, size+int64(len(leaves)))
}

// unknown is the leaves whose (kind, record, commitment) has no row, once each,
// with their texts. A record about several persons has a leaf for each part of
// it, whose commitments differ.
func unknown(ctx context.Context, tx pgx.Tx, leaves []receipt.Leaf, texts []string) (fresh []receipt.Leaf, written []string, err error) {
	type key struct{ kind, record, commitment string }
	records := make([]string, len(leaves))
	for i, l := range leaves {
		records[i] = l.Record
	}
	rows, err := tx.Query(ctx, `SELECT kind, record::text, `+commitmentColumn+` FROM leaf WHERE record = ANY($1::text[]::uuid[])`, records)
	if err != nil {
		return nil, nil, fmt.Errorf("look for leaves: %w", err)
	}
	seen := map[key]bool{}
	var k key
	_, err = pgx.ForEachRow(rows, []any{&k.kind, &k.record, &k.commitment}, func() error {
		seen[k] = true
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("look for leaves: %w", err)
	}
	for i, l := range leaves {
		if k := (key{string(l.Kind), l.Record, commitmentOf(texts[i])}); !seen[k] {
			seen[k] = true
			fresh, written = append(fresh, l), append(written, texts[i])
		}
	}
	return fresh, written, nil
}

// commitmentColumn and commitmentOf read the line of a leaf's text; one of
// another kind has none.
const commitmentColumn = `coalesce(substring(text FROM E'\ncommitment: ([^\n]+)'), '')`

func commitmentOf(text string) string {
	_, after, _ := strings.Cut(text, "\ncommitment: ")
	line, _, _ := strings.Cut(after, "\n")
	return line
}

func addLeaves(ctx context.Context, tx pgx.Tx, first int64, leaves []receipt.Leaf, texts []string) error {
	columns := make([][]string, 4)
	for _, l := range leaves {
		for i, value := range []string{string(l.Kind), l.Record, l.Authority, l.Rule} {
			columns[i] = append(columns[i], value)
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO leaf (index, kind, record, authority, rule, text)
		SELECT $1::bigint + n - 1, kind, record::uuid, authority, rule, text
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
		     WITH ORDINALITY AS added(kind, record, authority, rule, text, n)`,
		first, columns[0], columns[1], columns[2], columns[3], texts)
	if err != nil {
		return fmt.Errorf("store leaves: %w", err)
	}
	return nil
}

// Wanted narrows what Leaves returns.
type Wanted struct {
	After     int64      // index greater than this
	Below     int64      // index less than this
	Record    *uuid.UUID // of this record only
	Authority string     // of this authority only; "" for all
	Open      bool       // none of those that are for appointed officers alone
	Limit     int
}

// Leaves is the leaves wanted, in order of index.
func Leaves(ctx context.Context, q Querier, w Wanted) ([]Leaf, error) {
	rows, err := q.Query(ctx, `
		SELECT `+leafColumns+` FROM leaf
		WHERE index > $1 AND index < $2 AND ($3::uuid IS NULL OR record = $3) AND ($4 = '' OR authority = $4)
		  AND (NOT $6 OR (authority, record) NOT IN (SELECT authority, record FROM concealed))
		ORDER BY index LIMIT $5`, w.After, w.Below, w.Record, w.Authority, w.Limit, w.Open)
	if err != nil {
		return nil, fmt.Errorf("read leaves: %w", err)
	}
	leaves, err := pgx.CollectRows(rows, pgx.RowToStructByName[Leaf])
	if err != nil {
		return nil, fmt.Errorf("read leaves: %w", err)
	}
	return leaves, nil
}

// DisposedByRule counts the leaves of destroyed records by the rule that decided.
func DisposedByRule(ctx context.Context, q Querier) (map[string]int64, error) {
	rows, err := q.Query(ctx, `SELECT rule, count(*) FROM leaf WHERE kind = $1 GROUP BY rule`, receipt.Disposed)
	if err != nil {
		return nil, fmt.Errorf("count leaves: %w", err)
	}
	counts := map[string]int64{}
	var rule string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&rule, &n}, func() error {
		counts[rule] = n
		return nil
	})
	return counts, err
}
