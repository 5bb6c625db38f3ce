package contact

import (
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
)

// Reasons for which intake declines a disposal.
const (
	NotYet     = "not-yet"      // the date lies ahead
	OwnFacts   = "own-facts"    // the rule, counted from the contact's own day, ends later
	NoSuchRule = "no-such-rule" // the pack has no rule that ends such contacts
)

// MayGo looks at a disposal with intake's own facts once more: a contact of that
// category that ended on that day is said to be gone from dueOn, which begins at
// dueAt. It returns the reason against, or "".
func MayGo(pack *policy.Pack, category string, endedOn, dueOn calendar.Date, dueAt, now time.Time) string {
	facts := deadline.Facts{Category: category, CollectedOn: endedOn, Own: endedOn}
	own, ok := deadline.DueOf(pack, deadline.Of(pack, facts), calendar.Date{})
	switch {
	case !ok:
		return NoSuchRule
	case now.Before(dueAt) || now.Before(pack.Midnight(dueOn)):
		return NotYet
	case dueOn.Before(own.On):
		return OwnFacts
	}
	return ""
}
