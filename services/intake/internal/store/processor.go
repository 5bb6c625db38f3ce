package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Processor is a company in use.
type Processor struct {
	Name        string    `json:"processor"`
	Service     string    `json:"service,omitempty"`
	Country     string    `json:"country"`
	Secrecy     bool      `json:"secrecy"`
	Dedicated   bool      `json:"dedicated"`
	ActivatedAt time.Time `json:"activatedAt"`
}

// AddProcessor writes down that a company is in use; first is false where it is already.
func AddProcessor(ctx context.Context, tx pgx.Tx, authority string, p Processor) (first bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO processor (authority, name, service, country, secrecy, dedicated, activated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		authority, p.Name, p.Service, p.Country, p.Secrecy, p.Dedicated, p.ActivatedAt)
	if err != nil {
		return false, fmt.Errorf("add processor: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Processors are the authority's, by name.
func Processors(ctx context.Context, db Querier, authority string) ([]Processor, error) {
	rows, err := db.Query(ctx, `SELECT name, service, country, secrecy, dedicated, activated_at FROM processor WHERE authority = $1 ORDER BY name`, authority)
	if err != nil {
		return nil, fmt.Errorf("list processors: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Processor, err error) {
		err = row.Scan(&p.Name, &p.Service, &p.Country, &p.Secrecy, &p.Dedicated, &p.ActivatedAt)
		return p, err
	})
}
