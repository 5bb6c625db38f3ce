// Package casefile is the pure core of a case: when it is open, and whether a note still belongs to it.
package casefile

import (
	"time"

	"gallra.se/libs/calendar"
)

// Closing is one closing decision of a case.
type Closing struct {
	DecidedAt  time.Time     // UTC
	On         calendar.Date // the decision's effective day, in the authority's zone
	From       time.Time     // UTC: from when the case counts as closed
	ReopenedAt time.Time     // UTC; zero while the closing stands
}

// Close makes a closing. A late decision does not reach back: it counts from when it was made. One made ahead counts
// from 00:00 of its effective day.
func Close(decidedAt time.Time, effectiveOn calendar.Date, zone *time.Location) Closing {
	c := Closing{DecidedAt: decidedAt, On: effectiveOn, From: decidedAt}
	if begins := calendar.Midnight(effectiveOn, zone); begins.After(decidedAt) {
		c.From = begins
	}
	return c
}

// OpenAt says whether a case with these closings was open at an instant. It does not matter in which order the closings
// and what happened at that instant became known.
func OpenAt(closings []Closing, at time.Time) bool {
	for _, c := range closings {
		if !at.Before(c.From) && (c.ReopenedAt.IsZero() || at.Before(c.ReopenedAt)) {
			return false
		}
	}
	return true
}
