// Package contact decides what of a contact may exist. It is pure: a line as it
// was given, the packs and a time go in; what may be stored, or the refusal,
// comes out. Nothing that it drops is kept anywhere.
package contact

// Given is a line as it came, taken apart but not judged. It holds what must not
// be stored; it lives for one judgement.
type Given struct {
	ID, Kind, Authority, Channel string
	At, StartedAt, EndedAt       string
	Line                         string
	Source, Service, Campaign    string // who gave it, the service it belongs to, the own mailing that it answers
	Identified, Consent          bool
	Fields                       map[string]string
	Note                         *GivenNote

	Present   map[string]bool // top-level keys
	Strangers []string        // keys that the contract does not have
	Misshapen []string        // keys whose value is of the wrong kind
	Mangled   []string        // keys whose text is no Unicode

	Canonical []byte // the whole line in one form, whatever its order and spaces
}

// GivenNote is an officer's note, which is not a field: it belongs to the case.
type GivenNote struct {
	Case, Text string
	Relevant   bool
	Present    map[string]bool
}
