package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeRecordingStarted     = "se.gallra.recording.started.v1"
	TypeRecordingStopped     = "se.gallra.recording.stopped.v1"
	TypeRecordingExtended    = "se.gallra.recording.extended.v1"
	TypeRecordingReasonEnded = "se.gallra.recording.reason-ended.v1"
)

// Why no more of a call is recorded.
const (
	StoppedByEnd      = "ended"            // of the call
	StoppedByCustomer = "customer-request" // the matter may go on in writing (KSC-16)
	StoppedByTransfer = "transfer"         // to a line that is never recorded (KSC-09)
	StoppedByTime     = "timed-out"        // nobody told of the call's end
)

// RecordingStarted: a call is being recorded; the customer was told so before (KSC-15). It becomes a contact when it ends.
// Sealed holds a SealedIdentity, to case-linker, where it is known who calls.
type RecordingStarted struct {
	Contact   uuid.UUID `json:"contact" data:"pseudonymous"`
	Line      string    `json:"line" data:"none"`
	ToldAt    time.Time `json:"toldAt" data:"none"`
	StartedAt time.Time `json:"startedAt" data:"none"`
	Sealed    []byte    `json:"sealed,omitempty" data:"personal"`
	KeyID     string    `json:"keyId,omitempty" data:"none"`
}

// RecordingStopped: from AudioEndsMs into the call on, or from the call's end, nothing is recorded.
type RecordingStopped struct {
	Contact        uuid.UUID `json:"contact" data:"pseudonymous"`
	Because        string    `json:"because" data:"none" enum:"ended|customer-request|transfer|timed-out"`
	StoppedAt      time.Time `json:"stoppedAt" data:"none"`
	AudioEndsMs    *int64    `json:"audioEndsMs,omitempty" data:"none"`
	WrittenOffered bool      `json:"writtenOffered" data:"none"` // the written procedure was offered
}

// RecordingExtended: a single recording is kept through Until, for a complaint or a quality project (KSC-14). It was told
// of as a contact before.
type RecordingExtended struct {
	Contact uuid.UUID `json:"contact" data:"pseudonymous"`
	Unit    uuid.UUID `json:"unit" data:"pseudonymous"`
	Until   string    `json:"until" data:"none" format:"date"` // the last day that was asked for; the ceiling may be earlier
	Reason  string    `json:"reason" data:"none" enum:"complaint|quality"`
}

// RecordingReasonEnded: what a recording was kept longer for ended on that day.
type RecordingReasonEnded struct {
	Contact uuid.UUID `json:"contact" data:"pseudonymous"`
	Unit    uuid.UUID `json:"unit" data:"pseudonymous"`
	EndedOn string    `json:"endedOn" data:"none" format:"date"`
}
