package policy

import (
	"slices"
	"strings"
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
	LegalBasis    Bases
	Sources       []string // who may have given the data, as subject, adviser or SE-LEV-*; empty: the person alone
	Consent       []string // fields that are kept only where the line says "consent": true (STH-11)
	Unlinked      bool     // it is never linked to a person or a case (AFG-34)
	Service       string   // that it belongs to; empty where any may be named
	Document      Document // that it leaves beside its own record; no category: none
}

// Document is the official document in a contact: its fields have a category and an end of their own (section 2.7).
type Document struct {
	Category string
	Fields   []string
}

// MayComeFrom says whether the channel takes data that somebody gave: "subject" is the person herself.
func (c Channel) MayComeFrom(source string) bool {
	if len(c.Sources) == 0 {
		return source == subject
	}
	return slices.ContainsFunc(c.Sources, func(s string) bool { return matches(s, source) })
}

const subject = "subject"

// matches: "SE-LEV-*" is everybody whose identifier begins so.
func matches(pattern, source string) bool {
	prefix, open := strings.CutSuffix(pattern, "*")
	return pattern == source || open && strings.HasPrefix(source, prefix) && len(source) > len(prefix)
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
