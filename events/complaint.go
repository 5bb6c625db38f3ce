package events

import "github.com/google/uuid"

const (
	TypeComplaintOpened = "se.gallra.complaint.opened.v1"
	TypeComplaintClosed = "se.gallra.complaint.closed.v1"
)

// ComplaintOpened: an officer wrote down what somebody complains of in a recorded call. The complaint becomes a contact when
// it is closed. Sealed holds a SealedIdentity, to case-linker, where it is known whose call it was.
type ComplaintOpened struct {
	Complaint uuid.UUID `json:"complaint" data:"pseudonymous"`
	Recording uuid.UUID `json:"recording" data:"pseudonymous"`
	OpenedOn  string    `json:"openedOn" data:"none" format:"date"`
	Sealed    []byte    `json:"sealed,omitempty" data:"personal"`
	KeyID     string    `json:"keyId,omitempty" data:"none"`
}

// ComplaintClosed: the complaint was answered.
type ComplaintClosed struct {
	Complaint uuid.UUID `json:"complaint" data:"pseudonymous"`
	Recording uuid.UUID `json:"recording" data:"pseudonymous"`
	ClosedOn  string    `json:"closedOn" data:"none" format:"date"`
}
