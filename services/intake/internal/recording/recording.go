// Package recording decides what of a call may be recorded, until when the recording is kept and for what it is played
// (KSC-06..16, KSC-29). It is pure: what was asked, what the pack says, what is known of the call and a time go in; what
// shall be, or the refusal, comes out.
//
//	told ──► begun ──► audio, chunk by chunk ──► ended: a contact, whose six months begin
//	            └─► cut: by the customer, or by a transfer: no audio from there on, whatever comes
package recording

import "time"

// Longest is how long a call may go on. What nobody has ended by then ends.
const Longest = 12 * time.Hour

// skew is how far a sender's clock may be ahead of ours.
const skew = 5 * time.Minute

// State is what is known of a recorded call. Times are UTC.
type State struct {
	Line      string
	StartedAt time.Time
	EndedAt   time.Time // zero while the call goes on
	Cut       *Cut
}

// Cut is a place in the call, counted from its start, from which there is no audio.
type Cut struct {
	At      time.Duration
	Because string // events.StoppedByCustomer or events.StoppedByTransfer
}
