// Package complaint keeps what an officer writes down of a complaint about a recorded call. It proves what was said when the
// recording is gone (KSC-06, KSC-14): while it is open the recording may be kept longer, and it outlives the recording by a
// period of its own, which begins when it is closed.
package complaint

import (
	"time"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Category of a complaint's record, and Reason for which its recording is kept longer.
const (
	Category = "contact.complaint"
	Reason   = "complaint"
)

// Names of a complaint's fields: what is complained of, who wrote it down, and the answer.
const (
	Text   = "text"
	Author = "author"
	Answer = "answer"
)

// Written refuses a text that is none, or too long.
func Written(text string) error {
	if text == "" {
		return problem.OnField("missing-field", "reason")
	}
	if err := strict.Fits("reason", text, strict.MaxText); err != nil {
		return err
	}
	return strict.Clean("reason", text)
}

// When reads the moment at which a complaint was closed: now where none is given, and never before it was opened.
func When(at string, openedAt, now time.Time) (time.Time, error) {
	if at == "" {
		return now.UTC().Truncate(time.Microsecond), nil
	}
	when, err := time.Parse(time.RFC3339, at)
	if err != nil || when.After(now.Add(skew)) || when.Before(openedAt) {
		return time.Time{}, problem.OnField("invalid-time", "at")
	}
	return when.UTC().Truncate(time.Microsecond), nil
}

// skew is how far a sender's clock may be ahead of ours.
const skew = 5 * time.Minute
