package access

import (
	"strings"
	"time"

	"gallra.se/libs/bearer"
)

// Signs that the weekly review of the access log looks for (L-06).
const (
	SameName    = "same-name"    // the person bears the reader's own family name
	SameAddress = "same-address" // the person lives at the reader's own address
	Unassigned  = "unassigned"   // the reader is assigned to no case that the record belongs to
	Night       = "night"        // between 22:00 and 06:00 local time
)

// SignsOf compares a reader with whom they read about. Only the outcome is kept; local is the time in the authority's zone.
func SignsOf(c bearer.Claims, name, address string, local time.Time) (signs []string) {
	if words := strings.Fields(name); c.FamilyName != "" && len(words) > 0 && strings.EqualFold(words[len(words)-1], strings.TrimSpace(c.FamilyName)) {
		signs = append(signs, SameName)
	}
	street, _, _ := strings.Cut(address, ",")
	if c.Street != "" && strings.EqualFold(strings.TrimSpace(street), strings.TrimSpace(c.Street)) {
		signs = append(signs, SameAddress)
	}
	if hour := local.Hour(); hour >= 22 || hour < 6 {
		signs = append(signs, Night)
	}
	return signs
}
