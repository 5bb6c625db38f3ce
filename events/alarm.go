package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeAlarmRaised = "se.gallra.alarm.raised.v1"
	TypeAlarmClosed = "se.gallra.alarm.closed.v1"
)

// OnwardTransfer is the alarm that a processor asked to pass an applicant's papers on (AFG-45).
const OnwardTransfer = "onward-transfer"

// AlarmRaised: something happened that somebody must look into. It stands open until a data protection officer closes it.
type AlarmRaised struct {
	Alarm    uuid.UUID `json:"alarm" data:"pseudonymous"` // of this one happening
	Name     string    `json:"name" data:"none" enum:"onward-transfer"`
	RaisedAt time.Time `json:"raisedAt" data:"none"`
}

// AlarmClosed: a data protection officer has looked into it.
type AlarmClosed struct {
	Alarm    uuid.UUID `json:"alarm" data:"pseudonymous"`
	Name     string    `json:"name" data:"none" enum:"onward-transfer"`
	ClosedAt time.Time `json:"closedAt" data:"none"`
}
