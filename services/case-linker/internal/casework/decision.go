package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// decision prepares a closing or reopening: for each registered person's share the word to statistics about the closing that the line makes
// (next: 1 beyond those there are) or takes back (0: the last one). apply stores it, and says errStale when the case has
// had another decision meanwhile.
func (d *Desk) decision(ctx context.Context, l line.Line, next int,
	row func(ctx context.Context, l line.Line, c store.Case, s store.Share, closing int) (outbox.Draft, error),
	apply func(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID, closing int, rows []outbox.Draft) error,
) (change, error) {
	c, shares, unit, err := d.caseAndKey(ctx, l)
	if err != nil {
		return change{}, err
	}
	closings, err := store.Closings(ctx, d.DB, l.Authority, c.Case)
	if err != nil {
		return change{}, err
	}
	closing := len(closings) + next
	rows := make([]outbox.Draft, 0, len(shares))
	for _, s := range shares {
		if !inStatistics(l.Pack, s) {
			continue
		}
		said, err := row(ctx, l, c, s, closing)
		if err != nil {
			return change{}, err
		}
		rows = append(rows, said)
	}
	return change{answer: Answer{ID: c.Case, Record: c.File}, unit: unit, ref: shares[0].Share,
		apply: func(ctx context.Context, tx pgx.Tx) error { return apply(ctx, tx, l, c.Case, closing, rows) }}, nil
}

// counted is how many shares statistics counts: those of registered persons, where the notice promises statistics.
func counted(p *policy.Pack, shares []store.Share) (n int) {
	for _, s := range shares {
		if inStatistics(p, s) {
			n++
		}
	}
	return n
}

func inStatistics(p *policy.Pack, s store.Share) bool {
	return s.Kind == store.Registered && p.Says("statistics.row")
}
