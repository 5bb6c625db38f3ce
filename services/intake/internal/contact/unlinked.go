package contact

import (
	"maps"
	"slices"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// linked refuses a note, which would lead to a case, on a channel that is cut off from person and case (AFG-34).
func (g Given) linked(channel policy.Channel) error {
	if channel.Unlinked && g.Note != nil {
		return problem.OnField("invalid-field", "note")
	}
	return nil
}

// declined says that somebody was asked whether to answer, and did not want to: then there is no record (AFG-34).
func (g Given) declined(channel policy.Channel) bool {
	return channel.Unlinked && g.Present["consent"] && !g.Consent
}

// dropAll names every field that was given as dropped.
func (c Contact) dropAll(g Given) Contact {
	c.Dropped = slices.Sorted(maps.Keys(g.Fields))
	if c.Dropped == nil {
		c.Dropped = []string{}
	}
	return c
}
