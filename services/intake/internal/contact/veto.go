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
	Preserved  = "preserved"    // a rule keeps it from every erasure
)

// MayGo looks at a disposal with intake's own facts once more: a contact of that
// category that ended on that day is said to be gone from dueOn, which begins at
// dueAt. withdrawnOn is the day on which the consent that it was kept with was
// withdrawn, zero while it stands. It returns the reason against, or "".
func MayGo(pack *policy.Pack, category string, endedOn, withdrawnOn, dueOn calendar.Date, dueAt, now time.Time) string {
	facts := deadline.Facts{Category: category, CollectedOn: endedOn, Own: endedOn}
	if NeedsConsent(pack, category) {
		if facts.Own = withdrawnOn; withdrawnOn.IsZero() {
			return OwnFacts
		}
	}
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

// MayBeErased is MayGo of an erasure that somebody has ordered: no promise has to have ended, and it is not its date that is
// looked at but whether a rule keeps such contacts whatever the ground.
func MayBeErased(pack *policy.Pack, category string, endedOn calendar.Date, dueAt, now time.Time) string {
	switch {
	case now.Before(dueAt):
		return NotYet
	case deadline.Kept(pack, deadline.Facts{Category: category, CollectedOn: endedOn, Own: endedOn}, pack.Today(now)) != "":
		return Preserved
	}
	return ""
}

// NeedsConsent says that contacts of the category are kept until a consent is withdrawn (STH-11).
func NeedsConsent(pack *policy.Pack, category string) bool {
	_, needs := pack.RuleOn(category, policy.ConsentWithdrawn)
	return needs
}
