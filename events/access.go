package events

import (
	"time"

	"github.com/google/uuid"
)

// TypeAccessLogged says that personal data was read, or that somebody tried (L-06).
const TypeAccessLogged = "se.gallra.access.logged.v1"

// Outcomes of AccessLogged.
const (
	AccessGiven   = "given"
	AccessRefused = "refused" // by a rule; the record is there
	AccessUnknown = "unknown" // nothing is there under that id
)

// AccessLogged: somebody read a record about persons, or was refused. Who it was stands in the log of case-linker: Actor is
// an opaque id there; a service that does not know it sends SealedAccess to case-linker instead.
type AccessLogged struct {
	Entry    uuid.UUID   `json:"entry" data:"pseudonymous"`
	Record   uuid.UUID   `json:"record" data:"pseudonymous"`
	Category string      `json:"category,omitempty" data:"none"`
	Action   string      `json:"action" data:"none"`
	Purpose  string      `json:"purpose,omitempty" data:"none"`
	Outcome  string      `json:"outcome" data:"none" enum:"given|refused|unknown"`
	At       time.Time   `json:"at" data:"none"`
	Actor    *uuid.UUID  `json:"actor,omitempty" data:"pseudonymous"`
	Persons  []uuid.UUID `json:"persons,omitempty" data:"pseudonymous"`
	Sealed   []byte      `json:"sealed,omitempty" data:"personal"`
	KeyID    string      `json:"keyId,omitempty" data:"none"`
}

// SealedAccess is what the box of access.logged holds.
type SealedAccess struct {
	Account    string   `json:"account"`
	Role       string   `json:"role"`
	NationalID string   `json:"nationalId,omitempty"` // of whom the record is about
	Signs      []string `json:"signs,omitempty"`
}

// AccessAAD binds the box to its authority and entry.
func AccessAAD(authority string, entry uuid.UUID) []byte {
	return []byte("access.logged|" + authority + "|" + entry.String())
}
