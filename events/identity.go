package events

import (
	"time"

	"github.com/google/uuid"
)

const TypeIdentityRejected = "se.gallra.identity.rejected.v1"

// Reasons of IdentityRejected.
const (
	IdentityExpired  = "expired"
	IdentityForged   = "forged"
	IdentityNobody   = "nobody"   // there is no such number
	IdentityReplayed = "replayed" // another login has used the statement
)

// IdentityRejected: a login came with a statement about somebody's identity that does not hold. Nothing of it is kept.
type IdentityRejected struct {
	Rejection  uuid.UUID `json:"rejection" data:"pseudonymous"`
	Reason     string    `json:"reason" data:"none" enum:"expired|forged|nobody|replayed"`
	RejectedAt time.Time `json:"rejectedAt" data:"none"`
}
