package deadline

import (
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Due is the outcome for a unit: the day and instant it is gone and the rule that says so.
type Due struct {
	Rule, Trigger string
	On            calendar.Date
	At            time.Time // 00:00 local time of that day, UTC
	PolicyVersion string    // as Clock's
}

// DueOf is when a unit with this schedule goes, not before a day that a released hold set. ok is false when nothing runs.
func DueOf(p *policy.Pack, s Schedule, notBefore calendar.Date) (d Due, ok bool) {
	c, ok := s.Effective()
	if !ok {
		return Due{}, false
	}
	on := c.DueOn
	if on.Before(notBefore) {
		on = notBefore
	}
	if !s.Absolute.IsZero() && s.Absolute.Before(on) {
		on = s.Absolute
	}
	return Due{Rule: c.Rule.ID, Trigger: string(c.Rule.Trigger), On: on, At: p.Midnight(on), PolicyVersion: c.PolicyVersion}, true
}
