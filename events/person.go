package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypePersonRegistered   = "se.gallra.person.registered.v1"
	TypePersonDeregistered = "se.gallra.person.deregistered.v1"
	TypePersonCorrected    = "se.gallra.person.corrected.v1"
)

// PersonRegistered: a person is registered, for the first time or again.
type PersonRegistered struct {
	Person       uuid.UUID `json:"person" data:"pseudonymous"`
	Unit         uuid.UUID `json:"unit" data:"pseudonymous"`   // the identity's disposal unit
	Record       uuid.UUID `json:"record" data:"pseudonymous"` // the person.identity record
	RegisteredAt time.Time `json:"registeredAt" data:"none"`
	RegisteredOn string    `json:"registeredOn" data:"none" format:"date"`
}

// PersonDeregistered: a registration ends on EffectiveOn, which may lie before or after the day of the decision.
type PersonDeregistered struct {
	Person      uuid.UUID `json:"person" data:"pseudonymous"`
	Unit        uuid.UUID `json:"unit" data:"pseudonymous"`
	EffectiveOn string    `json:"effectiveOn" data:"none" format:"date"`
	DecidedAt   time.Time `json:"decidedAt" data:"none"`
	Reason      string    `json:"reason,omitempty" data:"none"` // a code, never prose
}

// PersonCorrected: the day of the last deregistration was another one than had been said. It counts from EffectiveOn.
type PersonCorrected struct {
	Person      uuid.UUID `json:"person" data:"pseudonymous"`
	Unit        uuid.UUID `json:"unit" data:"pseudonymous"`
	Event       string    `json:"event" data:"none" enum:"deregistered"`
	EffectiveOn string    `json:"effectiveOn" data:"none" format:"date"`
	DecidedAt   time.Time `json:"decidedAt" data:"none"`
	Reason      string    `json:"reason" data:"none"` // a code, never prose
}
