package events

import "github.com/google/uuid"

const (
	TypeComplaintOpened = "se.gallra.complaint.opened.v1"
	TypeComplaintClosed = "se.gallra.complaint.closed.v1"
)

// ComplaintOpened: an officer wrote down what somebody complains of in a recorded call. The complaint becomes a contact when
// it is closed.
type ComplaintOpened struct {
	Complaint uuid.UUID `json:"complaint" data:"pseudonymous"`
	Recording uuid.UUID `json:"recording" data:"pseudonymous"`
	OpenedOn  string    `json:"openedOn" data:"none" format:"date"`
}

// ComplaintClosed: the complaint was answered.
type ComplaintClosed struct {
	Complaint uuid.UUID `json:"complaint" data:"pseudonymous"`
	Recording uuid.UUID `json:"recording" data:"pseudonymous"`
	ClosedOn  string    `json:"closedOn" data:"none" format:"date"`
}
