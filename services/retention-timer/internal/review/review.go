// Package review is the approval of disposal lists, for categories whose pack says `review: true`: nothing of them is
// destroyed before somebody has approved the list of its month, or before its ceiling. Access ends on the date all the same.
package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/store"
)

// List is what would go in one month. Hash names it as it is now: who approves says which list was looked at.
type List struct {
	Authority   string        `json:"authority"`
	Category    string        `json:"category"`
	Month       string        `json:"month"`
	Units       int           `json:"units"`
	Records     int           `json:"records"`
	FirstDue    calendar.Date `json:"firstDue"`
	LastCeiling time.Time     `json:"lastCeiling,omitzero"`
	Hash        string        `json:"hash"`
}

// Desk shows lists and takes approvals.
type Desk struct {
	DB      *pgxpool.Pool
	Changed func() // after a commit: dates may be worked on
}

// Lists are those that wait, of one authority or, for "", of all.
func (d *Desk) Lists(ctx context.Context, authority string) ([]List, error) {
	return lists(ctx, d.DB, authority)
}

func lists(ctx context.Context, q store.Querier, authority string) ([]List, error) {
	waiting, err := store.Reviews(ctx, q, authority)
	if err != nil {
		return nil, err
	}
	out := make([]List, len(waiting))
	for i, r := range waiting {
		out[i] = List{r.Authority, r.Category, r.Month, r.Units, r.Records, r.FirstDue, r.LastCeiling, hash(r)}
	}
	return out, nil
}

func hash(r store.Review) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "review\n%s\n%s\n%s\n%d\n%d\n%s\n%s\n", r.Authority, r.Category, r.Month, r.Units, r.Records,
		r.FirstDue, r.LastCeiling.UTC().Format(time.RFC3339)))
	return hex.EncodeToString(sum[:])
}

// Approval names a list.
type Approval struct {
	Category string `json:"category"`
	Month    string `json:"month"`
	Hash     string `json:"hash"`
}

// Approve lets a list go and returns how many units it has. Problems: not-found, review-stale when the list is another one
// by now.
func (d *Desk) Approve(ctx context.Context, authority string, a Approval) (units int, err error) {
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if err := store.PolicyAlone(ctx, tx); err != nil { // nobody adds to the list meanwhile
			return err
		}
		waiting, err := store.Reviews(ctx, tx, authority)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(waiting, func(r store.Review) bool { return r.Category == a.Category && r.Month == a.Month })
		switch {
		case i < 0:
			return problem.New("not-found")
		case hash(waiting[i]) != a.Hash:
			return problem.New("review-stale")
		}
		units, err = store.Approve(ctx, tx, waiting[i])
		return err
	})
	if err == nil {
		d.Changed()
	}
	return units, err
}
