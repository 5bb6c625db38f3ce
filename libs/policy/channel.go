package policy

import (
	"slices"
	"time"
)

// Channel says what one way of contact may leave behind.
type Channel struct {
	Name          string
	Requirement   string
	Category      string // of the record it leaves; empty where it stores nothing
	Rule          string // id of the rule that ends the record
	Trigger       Trigger
	Store         Fields // whitelists: whatever else the catalogue knows is dropped and counted
	Required      Fields // fields without which the line is refused
	Facts         []string
	StoresNothing bool
	IdleTimeout   time.Duration // after which an open session is closed; 0: none
	Counter       string        // name of the anonymous counter per month, "calls" → calls/2024-01; empty: none
	LegalBasis    Fields
}

// Fields is one list for those who did not say who they are and one for those who did.
type Fields struct{ Anonymous, Identified []string }

// For picks the list.
func (f Fields) For(identified bool) []string {
	if identified {
		return f.Identified
	}
	return f.Anonymous
}

// MayStore says whether the whitelist has the field.
func (c Channel) MayStore(identified bool, field string) bool {
	return !c.StoresNothing && slices.Contains(c.Store.For(identified), field)
}
