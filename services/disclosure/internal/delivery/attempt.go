// Package delivery is what is delivered and when it is tried again, as pure functions.
package delivery

import "time"

const (
	shortest = 15 * time.Minute
	longest  = 12 * time.Hour
)

// NextAttempt is when to try again, on the business clock, after a failure at now: a quarter of the time that the
// recipient has failed so far, never under 15 minutes nor over 12 hours. A short outage is caught up with soon after
// it ends and a long one costs two attempts a day.
func NextAttempt(failingSince, now time.Time) time.Time {
	return now.Add(min(max(now.Sub(failingSince)/4, shortest), longest))
}
