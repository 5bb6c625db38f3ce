package contact

import (
	"time"

	"gallra.se/libs/problem"
)

// Moment reads the time of something that has happened, as told at now: missing-field, or invalid-time for what is no time,
// lies ahead or is older than any record.
func Moment(field, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, problem.OnField("missing-field", field)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.After(now.Add(skew)) || at.Year() < 1900 {
		return time.Time{}, problem.OnField("invalid-time", field)
	}
	return at.UTC().Truncate(time.Microsecond), nil
}
