package recording

import (
	"slices"
	"time"

	"gallra.se/libs/problem"
)

// ListeningRequirement is the customer's right to hear the recording, at an office and with identity proven.
const ListeningRequirement = "KSC-29"

// Offices are the kinds of place where a customer may listen.
var Offices = []string{"te-office", "ely-office"}

// Appointment is what an officer says of somebody who comes to listen.
type Appointment struct {
	Place          string
	IdentityProven bool
	At             string // RFC 3339; it may lie ahead by a month
}

// furthest is how far ahead an appointment may be made.
const furthest = 31 * 24 * time.Hour

// Judge refuses an appointment anywhere but at an office, and of somebody whose identity is not proven (KSC-29).
func (a Appointment) Judge(now time.Time) (time.Time, error) {
	if !slices.Contains(Offices, a.Place) || !a.IdentityProven {
		return time.Time{}, problem.ByRule("denied", ListeningRequirement)
	}
	return Moment("at", a.At, now.Add(furthest))
}
