// Package page is what people see: HTML pages, in Swedish and English, that work without scripts, on a phone and with a
// keyboard. They show ids, counts and dates of rules, never anything about a person, and say plainly what they do not have.
package page

import (
	"gallra.se/services/console/internal/board"
	"gallra.se/services/console/internal/summary"
)

// View is all that the promise board shows.
type View struct {
	Board   board.Board
	Summary summary.Summary
	Silent  []string // services that gave no summary
}
