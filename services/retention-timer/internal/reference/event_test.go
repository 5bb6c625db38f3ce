package reference

import (
	"cmp"
	"slices"
	"time"
)

// kind is what happened.
type kind string

const (
	recorded     kind = "contact recorded"   // at: when it ended or was received
	extended     kind = "recording extended" // on: the last day it may be kept to
	reasonEnded  kind = "reason ended"       // on: the day
	withdrawn    kind = "consent withdrawn"  // on: the day
	groupCreated kind = "group created"      // on: the planned end, if there is one
	groupJoined  kind = "group joined"       // on: the day
	groupLeft    kind = "group left"
	groupMoved   kind = "group moved" // on: the new end
	groupEnded   kind = "group ended" // on: the end
	registered   kind = "registered"  // at, on
	deregistered kind = "deregistered"
	corrected    kind = "deregistration corrected"
	opened       kind = "case opened"
	noted        kind = "noted"
	closed       kind = "case closed"
	reopened     kind = "case reopened"
	adopted      kind = "record adopted"
	parted       kind = "record parted" // a unit of its own, in the same case
	placed       kind = "hold placed"
	released     kind = "hold released"
	declined     kind = "disposal declined" // the holder keeps it for now
	disposed     kind = "disposed"
)

// event is one thing that happened, with its business time: a fact that the bus brought, a hold, or a holder's answer.
// N is its place among all that was decided; key is the key that the bus keeps in order.
type event struct {
	n    int
	what kind
	key  string
	at   time.Time // the moment
	on   date      // the local day it counts from
	told time.Time // when it became known

	unit, record, person, caseID, group string
	file, from                          string
	category, caseType                  string

	hold, scope, target, reason string
}

// ordered drops what was told twice and puts the rest into the order in which it was decided, whatever came first.
func ordered(events []event) []event {
	out := slices.Clone(events)
	slices.SortFunc(out, func(a, b event) int { return cmp.Compare(a.n, b.n) })
	return slices.CompactFunc(out, func(a, b event) bool { return a.n == b.n })
}

// until is what had been decided when n was.
func until(events []event, n int) (known []event) {
	for _, e := range events {
		if e.n <= n {
			known = append(known, e)
		}
	}
	return known
}
