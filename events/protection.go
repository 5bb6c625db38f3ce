package events

import "github.com/google/uuid"

const (
	TypeProtectionMarked  = "se.gallra.protection.marked.v1"
	TypeProtectionPlanned = "se.gallra.protection.planned.v1"
	TypeProtectionLifted  = "se.gallra.protection.lifted.v1"
)

// AudienceProtected is whom a destroyed record was for: officers who are appointed, and nobody else (AFG-10).
const AudienceProtected = "protected"

// ProtectionMarked: from now on the person exists only for officers who are appointed (AFG-08, AFG-10). Which kind of
// protection it is stays with case-linker.
type ProtectionMarked struct {
	Person uuid.UUID `json:"person" data:"pseudonymous"`
}

// ProtectionPlanned: the person and the authority have signed which data one recipient gets, or have taken that back (AFG-09).
type ProtectionPlanned struct {
	Person uuid.UUID `json:"person" data:"pseudonymous"`
}

// ProtectionLifted: the person is like any other again.
type ProtectionLifted struct {
	Person uuid.UUID `json:"person" data:"pseudonymous"`
}
