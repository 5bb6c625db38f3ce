package events

import "github.com/google/uuid"

const (
	TypeDisclosureRequested = "se.gallra.disclosure.requested.v1"
	TypeDisclosureDecided   = "se.gallra.disclosure.decided.v1"
	TypeDisclosureDelivered = "se.gallra.disclosure.delivered.v1"
	TypeDisclosureFailed    = "se.gallra.disclosure.failed.v1"
	TypeDisclosureHeld      = "se.gallra.disclosure.held.v1"
)

// Decisions of a disclosure.
const (
	DecisionReleased = "released"
	DecisionDenied   = "denied"
	DecisionNoData   = "no-data"
	DecisionHeld     = "held" // an appointed officer has to decide
)

// DisclosureRequested: a recipient asked for Fields (their names, never their values).
type DisclosureRequested struct {
	Disclosure uuid.UUID  `json:"disclosure" data:"pseudonymous"`
	Recipient  string     `json:"recipient" data:"none"`
	Person     *uuid.UUID `json:"person,omitempty" data:"pseudonymous"`
	Fields     []string   `json:"fields" data:"none"`
	Rule       string     `json:"rule,omitempty" data:"none"`
}

// DisclosureDecided: which of the fields go out, and by which rule.
type DisclosureDecided struct {
	Disclosure uuid.UUID  `json:"disclosure" data:"pseudonymous"`
	Recipient  string     `json:"recipient" data:"none"`
	Person     *uuid.UUID `json:"person,omitempty" data:"pseudonymous"`
	Fields     []string   `json:"fields" data:"none"`
	Decision   string     `json:"decision" data:"none" enum:"released|denied|no-data"`
	Rule       string     `json:"rule" data:"none"`
}

// DisclosureDelivered: the recipient has acknowledged the delivery. The ledger writes a leaf.
type DisclosureDelivered struct {
	Disclosure uuid.UUID  `json:"disclosure" data:"pseudonymous"`
	Recipient  string     `json:"recipient" data:"none"`
	Person     *uuid.UUID `json:"person,omitempty" data:"pseudonymous"`
	Fields     []string   `json:"fields" data:"none"`
	Decision   string     `json:"decision" data:"none" enum:"released|denied|no-data"`
	Rule       string     `json:"rule" data:"none"`
	// Audience is who may see the receipt: absent, everyone; else officers who are appointed.
	Audience string `json:"audience,omitempty" data:"none" enum:"protected"`
}

// DisclosureFailed: the recipient did not take the delivery this time; another attempt follows.
type DisclosureFailed struct {
	Disclosure uuid.UUID  `json:"disclosure" data:"pseudonymous"`
	Recipient  string     `json:"recipient" data:"none"`
	Person     *uuid.UUID `json:"person,omitempty" data:"pseudonymous"`
	Fields     []string   `json:"fields" data:"none"`
	Decision   string     `json:"decision" data:"none" enum:"released|denied|no-data"`
	Rule       string     `json:"rule" data:"none"`
}

// DisclosureHeld: what was asked for is about a protected person who has not agreed to it. Nothing goes out, and who asked
// hears what is heard about somebody unknown, until an appointed officer has decided (AFG-09).
type DisclosureHeld struct {
	Disclosure uuid.UUID `json:"disclosure" data:"pseudonymous"`
	Recipient  string    `json:"recipient" data:"none"`
	Person     uuid.UUID `json:"person" data:"pseudonymous"`
	Rule       string    `json:"rule" data:"none"`
}
