package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/services/intake/internal/webvisit"
)

// AddFigures adds one to each figure. They are locked in order, so that two views do not deadlock.
func AddFigures(ctx context.Context, tx pgx.Tx, authority string, figures []webvisit.Figure) error {
	slices.SortFunc(figures, func(a, b webvisit.Figure) int {
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Page, b.Page))
	})
	for _, f := range figures {
		_, err := tx.Exec(ctx, `
			INSERT INTO web_figure (authority, day, what, page, browser, device, n) VALUES ($1, $2::text::date, $3, $4, $5, $6, 1)
			ON CONFLICT (authority, day, what, page, browser, device) DO UPDATE SET n = web_figure.n + 1`,
			authority, f.Day.String(), f.What, f.Page, f.Browser, f.Device)
		if err != nil {
			return fmt.Errorf("count a page view: %w", err)
		}
	}
	return nil
}

// WebFigure is how often something was so on a day.
type WebFigure struct {
	What    string `json:"what"`
	Page    string `json:"page"`
	Browser string `json:"browser"`
	Device  string `json:"device"`
	N       int64  `json:"n"`
}

// WebFigures lists an authority's figures of a day.
func WebFigures(ctx context.Context, db Querier, authority string, day calendar.Date) ([]WebFigure, error) {
	rows, err := db.Query(ctx, `
		SELECT what, page, browser, device, n FROM web_figure WHERE authority = $1 AND day = $2::text::date ORDER BY what, page, browser, device`,
		authority, day.String())
	if err != nil {
		return nil, fmt.Errorf("read web figures: %w", err)
	}
	figures, err := pgx.CollectRows(rows, pgx.RowToStructByPos[WebFigure])
	if err != nil {
		return nil, fmt.Errorf("read web figures: %w", err)
	}
	return figures, nil
}
