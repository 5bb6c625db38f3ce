package events

import "github.com/google/uuid"

const TypeRequestReceived = "se.gallra.request.received.v1"

// RequestReceived: a data-subject request came in. Unit holds the bare request: that, when and how it was made. What it
// is about follows the records concerned.
type RequestReceived struct {
	Request    uuid.UUID `json:"request" data:"pseudonymous"`
	Unit       uuid.UUID `json:"unit" data:"pseudonymous"`
	ReceivedOn string    `json:"receivedOn" data:"none" format:"date"`
}
