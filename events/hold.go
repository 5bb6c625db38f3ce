package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeHoldPlaced   = "se.gallra.hold.placed.v1"
	TypeHoldReleased = "se.gallra.hold.released.v1"
)

// HoldPlaced: these units may not be destroyed, for Reason (a code), and somebody looks at it again at ReviewAt.
type HoldPlaced struct {
	Hold     uuid.UUID   `json:"hold" data:"pseudonymous"`
	Holder   string      `json:"holder" data:"none"`
	Units    []uuid.UUID `json:"units" data:"pseudonymous"`
	Reason   string      `json:"reason" data:"none"`
	ReviewAt *time.Time  `json:"reviewAt,omitempty" data:"none"`
}

// HoldReleased: the hold no longer stands in the way.
type HoldReleased struct {
	Hold     uuid.UUID   `json:"hold" data:"pseudonymous"`
	Holder   string      `json:"holder" data:"none"`
	Units    []uuid.UUID `json:"units" data:"pseudonymous"`
	Reason   string      `json:"reason" data:"none"`
	ReviewAt *time.Time  `json:"reviewAt,omitempty" data:"none"`
}
