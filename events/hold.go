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
	// Record is the one record that is held. The holder gives it a unit of its own, so that the rest goes on time.
	Record *uuid.UUID `json:"record,omitempty" data:"pseudonymous"`
}

// HoldReleased: the hold no longer stands in the way.
type HoldReleased struct {
	Hold     uuid.UUID   `json:"hold" data:"pseudonymous"`
	Holder   string      `json:"holder" data:"none"`
	Units    []uuid.UUID `json:"units" data:"pseudonymous"`
	Reason   string      `json:"reason" data:"none"`
	ReviewAt *time.Time  `json:"reviewAt,omitempty" data:"none"`
}
