package contact

import (
	"time"

	"gallra.se/libs/problem"
)

// Later is an officer's note on a contact that was taken in before.
type Later struct {
	At         string
	Case, Text string
	Relevant   bool
}

// Judge refuses a note that has no case, text or time, and says when it was
// written. An irrelevant note is not looked at further: it is dropped (AFC-08).
func (l Later) Judge(now time.Time) (at time.Time, err error) {
	g := Given{ID: "note", At: l.At, EndedAt: l.At, Present: map[string]bool{"at": true, "endedAt": true},
		Note: &GivenNote{Case: l.Case, Text: l.Text, Relevant: l.Relevant, Present: map[string]bool{"relevant": true}}}
	if l.At == "" {
		return at, problem.OnField("missing-field", "at")
	}
	for _, check := range []func() error{g.Note.missingField, func() error { return g.invalidTime(now) }, g.invalidText, g.tooLarge} {
		if err := check(); err != nil {
			return at, err
		}
	}
	at, _, _ = g.times()
	return at, nil
}
