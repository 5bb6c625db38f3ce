package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeClockStarted    = "se.gallra.clock.started.v1"
	TypeClockRecomputed = "se.gallra.clock.recomputed.v1"
	TypeClockCancelled  = "se.gallra.clock.cancelled.v1"
)

// ClockStarted: a fact set the clock of these units going; the holder keeps DueAt beside each record.
type ClockStarted struct {
	Holder string      `json:"holder" data:"none"`
	Units  []ClockUnit `json:"units" data:"none"`
}

// ClockRecomputed: the due date is another one now, because of a correction, a newer fact or a policy change.
type ClockRecomputed struct {
	Holder string      `json:"holder" data:"none"`
	Units  []ClockUnit `json:"units" data:"none"`
}

// ClockUnit is one unit's earliest due date and the rule it comes from.
type ClockUnit struct {
	Unit    uuid.UUID `json:"unit" data:"pseudonymous"`
	Rule    string    `json:"rule" data:"none"`
	Trigger string    `json:"trigger" data:"none" enum:"contact-ended|mail-received|deregistered|case-closed|group-ended|recruitment-closed|test-taken|separation|request-received|consent-withdrawn|erasure-ordered"`
	DueOn   string    `json:"dueOn" data:"none" format:"date"`
	DueAt   time.Time `json:"dueAt" data:"none"`
}

// ClockCancelled: no date any more, the case was reopened or the person registered again.
type ClockCancelled struct {
	Holder string          `json:"holder" data:"none"`
	Units  []CancelledUnit `json:"units" data:"none"`
}

// CancelledUnit names the clock that stopped.
type CancelledUnit struct {
	Unit    uuid.UUID `json:"unit" data:"pseudonymous"`
	Rule    string    `json:"rule" data:"none"`
	Trigger string    `json:"trigger" data:"none" enum:"contact-ended|mail-received|deregistered|case-closed|group-ended|recruitment-closed|test-taken|separation|request-received|consent-withdrawn|erasure-ordered"`
}
