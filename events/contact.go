package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeContactRecorded  = "se.gallra.contact.recorded.v1"
	TypeContactNoted     = "se.gallra.contact.noted.v1"
	TypeContactLinked    = "se.gallra.contact.linked.v1"
	TypeContactUnlinked  = "se.gallra.contact.unlinked.v1"
	TypeContactWithdrawn = "se.gallra.contact.withdrawn.v1"
)

// Reasons of ContactUnlinked.
const (
	ReasonUnknownCase  = "unknown-case"
	ReasonClosedCase   = "closed-case"
	ReasonDisposedCase = "disposed-case"
)

// ContactRecorded: intake has stored a contact, after its channel's rule had dropped what may not exist.
type ContactRecorded struct {
	Contact       uuid.UUID `json:"contact" data:"pseudonymous"`
	Unit          uuid.UUID `json:"unit" data:"pseudonymous"` // the contact's disposal unit
	Category      string    `json:"category" data:"none"`     // contact.phone-log, contact.chat, contact.email
	Channel       string    `json:"channel" data:"none"`
	Identified    bool      `json:"identified" data:"none"`
	EndedAt       time.Time `json:"endedAt" data:"none"`
	EndedOn       string    `json:"endedOn" data:"none" format:"date"` // D0 of the contact's clock
	PolicyVersion string    `json:"policyVersion" data:"none"`
	Sealed        []byte    `json:"sealed,omitempty" data:"personal"` // a SealedIdentity, to case-linker; absent where nobody may be looked for
	KeyID         string    `json:"keyId,omitempty" data:"none"`
}

// ContactNoted: an officer wrote a note that is relevant to a case. Sealed holds a SealedNote, to case-linker.
type ContactNoted struct {
	Contact uuid.UUID `json:"contact" data:"pseudonymous"`
	Note    uuid.UUID `json:"note" data:"pseudonymous"`
	NotedAt time.Time `json:"notedAt" data:"none"`
	Sealed  []byte    `json:"sealed" data:"personal"`
	KeyID   string    `json:"keyId" data:"none"`
}

// ContactLinked: the contact was with a person who is registered, or its note was stored in that person's case: Case and
// Note are absent where there is no note.
type ContactLinked struct {
	Contact uuid.UUID  `json:"contact" data:"pseudonymous"`
	Person  uuid.UUID  `json:"person" data:"pseudonymous"`
	Case    *uuid.UUID `json:"case,omitempty" data:"pseudonymous"`
	Note    *uuid.UUID `json:"note,omitempty" data:"pseudonymous"`
}

// ContactUnlinked: the note has no case to go to. Sealed holds the SealedNote again, to intake, which keeps it with
// the contact; it is absent for a disposed case, whose notes are not kept at all.
type ContactUnlinked struct {
	Contact uuid.UUID `json:"contact" data:"pseudonymous"`
	Note    uuid.UUID `json:"note" data:"pseudonymous"`
	Reason  string    `json:"reason" data:"none" enum:"unknown-case|closed-case|disposed-case"`
	Sealed  []byte    `json:"sealed,omitempty" data:"personal"`
	KeyID   string    `json:"keyId,omitempty" data:"none"`
}

// ContactWithdrawn: the consent that a contact was kept with was withdrawn. Nobody reads it any more; its clock runs.
type ContactWithdrawn struct {
	Contact     uuid.UUID `json:"contact" data:"pseudonymous"`
	Unit        uuid.UUID `json:"unit" data:"pseudonymous"`
	WithdrawnOn string    `json:"withdrawnOn" data:"none" format:"date"`
}
