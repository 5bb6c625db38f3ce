package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeCampaignSent       = "se.gallra.campaign.sent.v1"
	TypeObjectionMade      = "se.gallra.objection.made.v1"
	TypeObjectionWithdrawn = "se.gallra.objection.withdrawn.v1"
)

// CampaignSent: a mailing goes out, its receivers chosen by these inputs and no others (AFG-28). Who they are is not told.
type CampaignSent struct {
	Campaign   uuid.UUID `json:"campaign" data:"none"`
	Inputs     []string  `json:"inputs" data:"none"` // codes of the policy pack, as municipality
	Recipients int       `json:"recipients" data:"none"`
	Sent       int       `json:"sent" data:"none"` // without those who objected
	SentAt     time.Time `json:"sentAt" data:"none"`
}

// ObjectionMade: somebody will have no mailings any more (L-20).
type ObjectionMade struct {
	Objection uuid.UUID `json:"objection" data:"pseudonymous"`
	MadeAt    time.Time `json:"madeAt" data:"none"`
}

// ObjectionWithdrawn: who had objected will have mailings again.
type ObjectionWithdrawn struct {
	Objection   uuid.UUID `json:"objection" data:"pseudonymous"`
	WithdrawnAt time.Time `json:"withdrawnAt" data:"none"`
}
