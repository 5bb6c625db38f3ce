package recording

import (
	"time"

	"gallra.se/events"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// WrittenOffered is the flag of an answer that says that the matter may go on in writing (KSC-16).
const WrittenOffered = "written-procedure-offered"

// Stop is the customer's wish that no more is recorded, from a place in the call on. Of two wishes the earlier counts.
func Stop(s State, offset time.Duration, at time.Time) (Cut, error) {
	return s.cut(Cut{offset, events.StoppedByCustomer}, at)
}

// Transfer moves the call to another line. On one that is never recorded the audio ends there; on another nothing changes,
// and the cut is nil.
func Transfer(rules policy.Recording, s State, line string, offset time.Duration, at time.Time) (*Cut, error) {
	l, err := known(rules, line)
	if err != nil || l.Recorded {
		return s.Cut, err
	}
	c, err := s.cut(Cut{offset, events.StoppedByTransfer}, at)
	return &c, err
}

// cut refuses a place that the call had not come to at that time.
func (s State) cut(c Cut, at time.Time) (Cut, error) {
	if at.Before(s.StartedAt) {
		return Cut{}, problem.OnField("invalid-time", "at")
	}
	if s.StartedAt.Add(c.At).After(at.Add(skew)) {
		return Cut{}, problem.OnField("invalid-field", "offset")
	}
	if s.Cut != nil && s.Cut.At <= c.At {
		return *s.Cut, nil
	}
	return c, nil
}

// End is the end of the call; fresh is false when it was told before, at the same time.
func End(s State, at time.Time) (fresh bool, err error) {
	switch {
	case at.Before(s.StartedAt):
		return false, problem.OnField("invalid-time", "at")
	case s.EndedAt.IsZero():
		return true, nil
	case s.EndedAt.Equal(at):
		return false, nil
	}
	return false, problem.New("conflict")
}
