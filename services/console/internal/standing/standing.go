// Package standing is what somebody should look at: holds, alarms, and lists that wait for an approval. The most urgent
// comes first.
package standing

import (
	"cmp"
	"slices"
	"time"
)

// Hold pauses destruction until it is released, and should be reviewed before ReviewAt.
type Hold struct {
	Hold      string    `json:"hold"`
	Authority string    `json:"authority"`
	Scope     string    `json:"scope"`
	Target    string    `json:"target"`
	Reason    string    `json:"reason"`
	PlacedAt  time.Time `json:"placedAt"`
	ReviewAt  time.Time `json:"reviewAt"`
	Units     int64     `json:"units"`
	Overdue   bool      `json:"overdue"`
}

// Alarm stands open until its cause is gone. Subject is an id or a service.
type Alarm struct {
	Authority string    `json:"authority"`
	Name      string    `json:"name"`
	Subject   string    `json:"subject"`
	RaisedAt  time.Time `json:"raisedAt"`
}

// Review is a list that a records manager must approve before it goes; after LastCeiling it goes without.
type Review struct {
	Authority   string `json:"authority"`
	Category    string `json:"category"`
	Month       string `json:"month"`
	Units       int64  `json:"units"`
	Records     int64  `json:"records"`
	FirstDue    string `json:"firstDue"`
	LastCeiling string `json:"lastCeiling"`
	Hash        string `json:"hash"`
}

// Holds puts the one whose review is nearest first. What is past its review is overdue, whoever says so.
func Holds(all []Hold, now time.Time) []Hold {
	out := slices.Clone(all)
	for i := range out {
		out[i].Overdue = out[i].Overdue || !out[i].ReviewAt.IsZero() && !out[i].ReviewAt.After(now)
	}
	slices.SortStableFunc(out, func(a, b Hold) int { return cmp.Or(a.ReviewAt.Compare(b.ReviewAt), cmp.Compare(a.Hold, b.Hold)) })
	return out
}

// Alarms puts the oldest first.
func Alarms(all []Alarm) []Alarm {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b Alarm) int { return cmp.Or(a.RaisedAt.Compare(b.RaisedAt), cmp.Compare(a.Name, b.Name)) })
	return out
}

// Reviews puts what is due first before the rest.
func Reviews(all []Review) []Review {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b Review) int {
		return cmp.Or(cmp.Compare(a.FirstDue, b.FirstDue), cmp.Compare(a.Authority, b.Authority), cmp.Compare(a.Category, b.Category))
	})
	return out
}

// Overdue counts the holds that nobody has reviewed in time.
func Overdue(holds []Hold) (n int64) {
	for _, h := range holds {
		if h.Overdue {
			n++
		}
	}
	return n
}
