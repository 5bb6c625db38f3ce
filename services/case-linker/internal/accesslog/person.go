package accesslog

import (
	"context"
	"time"

	"github.com/google/uuid"

	"gallra.se/services/case-linker/internal/store"
)

// Line is one access as a person sees it: who looked at which of their records, why and when.
type Line struct {
	ID       uuid.UUID `json:"id"`
	At       time.Time `json:"at"` // UTC
	Who      string    `json:"who"`
	Role     string    `json:"role"`
	Purpose  string    `json:"purpose"`
	Action   string    `json:"action"`
	Category string    `json:"category"`
	Record   uuid.UUID `json:"record"`
	Outcome  string    `json:"outcome"`
	Signs    []string  `json:"signs"`
}

// most is how many lines are shown.
const most = 1000

// OfPerson are the newest accesses to a person's records, newest first.
func (l *Log) OfPerson(ctx context.Context, authority string, person uuid.UUID) ([]Line, error) {
	found, err := store.AccessOf(ctx, l.DB, authority, person, most)
	if err != nil {
		return nil, err
	}
	staff := make([]uuid.UUID, len(found))
	for i, a := range found {
		staff[i] = a.Staff
	}
	names, err := l.Names(ctx, authority, staff)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(found))
	for i, a := range found {
		lines[i] = Line{ID: a.Entry, At: a.At, Who: names[a.Staff], Role: a.Role, Purpose: a.Purpose, Action: a.Action, Category: a.Category,
			Record: a.Record, Outcome: a.Outcome, Signs: append([]string{}, a.Signs...)}
	}
	return lines, nil
}
