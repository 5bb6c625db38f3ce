package contact

import (
	"errors"
	"strings"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

const nationalIDField = "nationalId"

// nationalID refuses a number that would be used or kept and is none, or that in
// a simulation could be somebody's. A number that is dropped is not looked at.
func (r Rules) nationalID(g Given, pack *policy.Pack, channel policy.Channel) error {
	text, given := g.Fields[nationalIDField]
	if !given || channel.StoresNothing || !g.Identified && !channel.MayStore(false, nationalIDField) {
		return nil
	}
	id, err := parseID(text, g, pack)
	if errors.Is(err, nationalid.ErrCentury) {
		return nil // the day it was written on does not parse: that is refused next
	}
	if err != nil || r.Simulated && !id.IsTest() {
		return problem.OnField("invalid-national-id", nationalIDField)
	}
	return nil
}

// parseID reads a number as people write it: with spaces, with a dash, in ten digits as of the day of the contact.
func parseID(text string, g Given, pack *policy.Pack) (nationalid.ID, error) {
	text = strings.ReplaceAll(text, " ", "")
	ended, err := time.Parse(time.RFC3339, g.EndedAt)
	if err != nil {
		return nationalid.Parse(pack.Country, text)
	}
	return nationalid.ParseOn(pack.Country, text, calendar.DateOf(ended, pack.Zone))
}
