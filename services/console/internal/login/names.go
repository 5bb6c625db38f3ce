package login

import (
	"fmt"
	"maps"
	"slices"
)

// Names says in which claims of an ID token a provider tells what is needed of an account.
type Names map[string]string

// What Names has a name for.
const (
	NameAuthority   = "authority"   // the one controller that the account belongs to
	NameRoles       = "roles"       // a list, or one
	NameAppointed   = "appointed"   // true: may see protected persons (AFG-10)
	NameUndertaking = "undertaking" // last day of the confidentiality undertaking, such as 2027-03-31 (TES-04, KSC-24)
	NameTrained     = "trained"     // true, or the day of the training (L-05)
	NameAccount     = "account"     // who it is in the access log; `sub` where it is missing
	NameDisplay     = "name"
	NameFamily      = "family_name"
	NameAddress     = "address" // a text, or the standard's object with street_address
)

// DefaultNames are used where the configuration names nothing else.
func DefaultNames() Names {
	return Names{
		NameAuthority: "gallra_authority", NameRoles: "gallra_roles", NameAppointed: "gallra_appointed",
		NameUndertaking: "gallra_undertaking", NameTrained: "gallra_trained",
		NameAccount: "preferred_username", NameDisplay: "name", NameFamily: "family_name", NameAddress: "address",
	}
}

// With replaces some of the names; one that means nothing here is an error.
func (n Names) With(other map[string]string) (Names, error) {
	out := maps.Clone(n)
	for what, claim := range other {
		if _, known := out[what]; !known || claim == "" {
			return nil, fmt.Errorf("no claim is looked for as %q: give any of %v", what, slices.Sorted(maps.Keys(out)))
		}
		out[what] = claim
	}
	return out, nil
}
