package events

import (
	"time"

	"github.com/google/uuid"
)

// TypeTransferMade is the type of TransferMade.
const TypeTransferMade = "se.gallra.transfer.made.v1"

// TransferMade: a processor of the authority's was given an applicant's papers of one kind, or handed them in (AFG-44). The
// papers themselves are nowhere in it.
type TransferMade struct {
	Transfer  uuid.UUID `json:"transfer" data:"pseudonymous"`
	Case      uuid.UUID `json:"case" data:"pseudonymous"`
	Person    uuid.UUID `json:"person" data:"pseudonymous"`
	Processor string    `json:"processor" data:"none"` // as the policy pack names it
	Kind      string    `json:"kind" data:"none"`
	MadeAt    time.Time `json:"madeAt" data:"none"`
}
