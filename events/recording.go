package events

import "github.com/google/uuid"

const (
	TypeRecordingExtended    = "se.gallra.recording.extended.v1"
	TypeRecordingReasonEnded = "se.gallra.recording.reason-ended.v1"
)

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
