// Package consume applies events of other services: one file an event. Keys are asked and content opened in prepare
// functions, before the transaction; a handler only decides and writes.
package consume

import (
	"context"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/services/case-linker/internal/accesslog"
	"gallra.se/services/case-linker/internal/casework"
)

// Holder is how retention-timer names this service.
const Holder = "case-linker"

// Events applies what case-linker hears.
type Events struct {
	Desk   *casework.Desk
	Box    *outbox.Box
	Packs  *policy.Set
	Policy *follow.Follower // keeps Packs on the newest activation
	Access *accesslog.Log
}

// Handlers by event type.
func (e *Events) Handlers() map[string]bus.Handler {
	return map[string]bus.Handler{
		events.TypeContactRecorded:  e.contactRecorded,
		events.TypeRecordingStarted: e.contactRecorded,
		events.TypeComplaintOpened:  e.contactRecorded,
		events.TypeGroupJoined:      e.contactRecorded,
		events.TypeContactNoted:     e.contactNoted,
		events.TypeClockStarted:     e.clockSet,
		events.TypeClockRecomputed:  e.clockSet,
		events.TypeClockCancelled:   e.clockCancelled,
		events.TypeDisposalDue:      e.disposalDue,
		events.TypeHoldPlaced:       e.holdPlaced,
		events.TypeHoldReleased:     e.holdReleased,
		events.TypeErasureOrdered:   e.erasureOrdered,
		events.TypePolicyActivated:  e.Policy.Handle,
		events.TypeAccessLogged:     e.accessLogged,
		events.TypeRecordDisposed:   e.recordDisposed,
	}
}

// Prepare by event type.
func (e *Events) Prepare() map[string]func(context.Context, bus.Event) (any, error) {
	return map[string]func(context.Context, bus.Event) (any, error){
		events.TypeContactRecorded:  e.findPerson,
		events.TypeRecordingStarted: e.findPerson,
		events.TypeComplaintOpened:  e.findPerson,
		events.TypeGroupJoined:      e.findPerson,
		events.TypeContactNoted:     e.openNote,
		events.TypeDisposalDue:      e.sealSeparations,
		events.TypeHoldPlaced:       e.partHeld,
		events.TypeErasureOrdered:   e.partErased,
		events.TypeAccessLogged:     e.openAccess,
	}
}
