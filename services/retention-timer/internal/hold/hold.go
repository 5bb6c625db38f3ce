// Package hold places and releases holds. A hold pauses destruction and nothing else.
//
// It is the first of the three guards: the answer is synchronous and final. "Placed" means that nothing the hold covers
// will be destroyed before its release; "conflict" that the holder had committed to destroy it before. While a holder's
// answer is awaited the caller waits, up to ten seconds.
package hold

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// Request asks for a hold.
type Request struct {
	Scope    string    `json:"scope"`
	Target   uuid.UUID `json:"target"`
	Reason   string    `json:"reason"`
	ReviewAt string    `json:"reviewAt"` // an instant or a civil date; empty: in six months
}

var (
	scopes  = []string{"record", "case", "person"}
	reasons = []string{"complaint", "court", "control-case", "document-request", "restriction"}
)

// longest is how far ahead the next review of a hold may lie.
var longest = calendar.Period{Months: 6}

// review checks a request and returns the instant of its review.
func (r Request) review(p *policy.Pack, now time.Time) (time.Time, error) {
	switch {
	case !slices.Contains(scopes, r.Scope):
		return time.Time{}, problem.OnField("invalid-field", "scope")
	case r.Target == uuid.Nil:
		return time.Time{}, problem.OnField("missing-field", "target")
	case !slices.Contains(reasons, r.Reason):
		return time.Time{}, problem.OnField("invalid-field", "reason")
	}
	latest := calendar.GoneFrom(p.Today(now), longest, calendar.Exact)
	if r.ReviewAt == "" {
		return p.Midnight(latest.AddDays(-1)), nil
	}
	at, err := instant(p, r.ReviewAt)
	if err != nil || !at.After(now) || !at.Before(p.Midnight(latest)) {
		return time.Time{}, problem.OnField("invalid-time", "reviewAt")
	}
	return at, nil
}

func instant(p *policy.Pack, s string) (time.Time, error) {
	if d, err := calendar.ParseDate(s); err == nil {
		return p.Midnight(d), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	return at.UTC(), err
}
