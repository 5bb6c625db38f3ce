// Package page is the promise board for people: one HTML page, in Swedish and English, that works without scripts, on
// a phone and with a keyboard. It shows counts and dates of rules, never anything about a person, and says plainly
// which figures it does not have.
package page

import (
	"time"

	"gallra.se/services/console/internal/board"
	"gallra.se/services/console/internal/summary"
)

// View is all that the page shows.
type View struct {
	Board     board.Board
	Summary   summary.Summary
	Silent    []string // services that gave no summary
	Now       time.Time
	Simulated bool
	Zone      *time.Location
}

// Instant and Local are the business time of the figures.
func (v View) Instant() string { return v.Now.UTC().Format(time.RFC3339) }
func (v View) Local() string   { return v.Now.In(v.Zone).Format("2006-01-02 15:04") }
