package policy

import (
	"fmt"
	"slices"
)

// Trigger is the kind of moment from which a period is counted: the civil date of its business time (section 3.1).
type Trigger string

const (
	ContactEnded      Trigger = "contact-ended"
	MailReceived      Trigger = "mail-received"
	Deregistered      Trigger = "deregistered" // the day it takes effect
	CaseClosed        Trigger = "case-closed"
	GroupEnded        Trigger = "group-ended" // for every participant, also who left before (KSC-18)
	RecruitmentClosed Trigger = "recruitment-closed"
	TestTaken         Trigger = "test-taken"
	Separation        Trigger = "separation" // from the operative store, into statistics
	RequestReceived   Trigger = "request-received"
	ConsentWithdrawn  Trigger = "consent-withdrawn" // until then nothing runs (STH-11)
)

var triggers = []Trigger{ContactEnded, MailReceived, Deregistered, CaseClosed, GroupEnded, RecruitmentClosed, TestTaken, Separation,
	RequestReceived, ConsentWithdrawn}

// UnmarshalText refuses a trigger that nobody pulls.
func (t *Trigger) UnmarshalText(text []byte) error {
	if !slices.Contains(triggers, Trigger(text)) {
		return fmt.Errorf("unknown trigger %q", text)
	}
	*t = Trigger(text)
	return nil
}

// Effect is what a rule does with what it applies to.
type Effect string

const (
	Dispose  Effect = "dispose"  // it is gone after the period
	Reuse    Effect = "reuse"    // it may be used again within the period (AFG-43)
	Preserve Effect = "preserve" // no end: kept until it is sealed to the archive, and nobody deletes it (STH-05, STH-18)
)

// UnmarshalText refuses an effect that nothing has.
func (e *Effect) UnmarshalText(text []byte) error {
	switch read := Effect(text); read {
	case Dispose, Reuse, Preserve:
		*e = read
		return nil
	default:
		return fmt.Errorf("unknown effect %q: want dispose, reuse or preserve", text)
	}
}

// Limit says which of a unit's clocks a rule sets; the earlier clock counts (section 2.1).
type Limit string

const (
	NormalLimit  Limit = "normal"  // "kept for", "normally removed after"
	CeilingLimit Limit = "ceiling" // "at the latest", "at most"
)

// Exceptions are the reasons that a notice or a law gives for keeping something beyond its period: a closed list, each
// with an end of its own (section 2.6).
var exceptions = []string{"open-case", "hold", "restriction", "document-request", "registration", "reopening", "adoption", "archive",
	"extension", "group-moved", "appeal"}
