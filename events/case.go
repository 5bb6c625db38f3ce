package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeCaseOpened   = "se.gallra.case.opened.v1"
	TypeCaseClosed   = "se.gallra.case.closed.v1"
	TypeCaseReopened = "se.gallra.case.reopened.v1"
	TypeCaseNoted    = "se.gallra.case.noted.v1"
	TypeCaseAdopted  = "se.gallra.case.record-adopted.v1"
	TypeCaseParted   = "se.gallra.case.record-parted.v1"
	TypeCaseAssigned = "se.gallra.case.assigned.v1"
)

// CaseOpened: a person takes part in a case. One event per (case, person): Share is that pair's disposal unit.
type CaseOpened struct {
	Person   uuid.UUID `json:"person" data:"pseudonymous"`
	Case     uuid.UUID `json:"case" data:"pseudonymous"`
	Share    uuid.UUID `json:"share" data:"pseudonymous"`
	File     uuid.UUID `json:"file" data:"pseudonymous"` // the case.file record, one per case
	CaseType string    `json:"caseType" data:"none"`
	OpenedAt time.Time `json:"openedAt" data:"none"`
}

// CaseClosed: the case ends on EffectiveOn by a decision made at DecidedAt. One event per share.
type CaseClosed struct {
	Person      uuid.UUID `json:"person" data:"pseudonymous"`
	Case        uuid.UUID `json:"case" data:"pseudonymous"`
	Share       uuid.UUID `json:"share" data:"pseudonymous"`
	EffectiveOn string    `json:"effectiveOn" data:"none" format:"date"`
	DecidedAt   time.Time `json:"decidedAt" data:"none"`
	Reason      string    `json:"reason,omitempty" data:"none"`
}

// CaseReopened: the case is open again from EffectiveOn. One event per share.
type CaseReopened struct {
	Person      uuid.UUID `json:"person" data:"pseudonymous"`
	Case        uuid.UUID `json:"case" data:"pseudonymous"`
	Share       uuid.UUID `json:"share" data:"pseudonymous"`
	EffectiveOn string    `json:"effectiveOn" data:"none" format:"date"`
	DecidedAt   time.Time `json:"decidedAt" data:"none"`
	Reason      string    `json:"reason,omitempty" data:"none"`
}

// CaseNoted: a note was stored in the case, written there or brought by a contact. A note about several persons is told
// of once for each of them, with that person's share.
type CaseNoted struct {
	Person  uuid.UUID  `json:"person" data:"pseudonymous"`
	Case    uuid.UUID  `json:"case" data:"pseudonymous"`
	Share   uuid.UUID  `json:"share" data:"pseudonymous"`
	Note    uuid.UUID  `json:"note" data:"pseudonymous"`
	Contact *uuid.UUID `json:"contact,omitempty" data:"pseudonymous"`
	NotedAt time.Time  `json:"notedAt" data:"none"`
	// Unit is the disposal unit that the note goes with; absent, it is the share. Working material, and documents that
	// are preserved, have a unit of their own.
	Unit     *uuid.UUID `json:"unit,omitempty" data:"pseudonymous"`
	Category string     `json:"category,omitempty" data:"none"` // case.note, case.document, case.draft; absent: case.note
}

// CaseRecordAdopted: a record of an older case was taken into a case that is open, because it is relevant there. It goes
// with Unit from now on, no longer with FromUnit.
type CaseRecordAdopted struct {
	Person   uuid.UUID `json:"person" data:"pseudonymous"`
	Record   uuid.UUID `json:"record" data:"pseudonymous"`
	FromUnit uuid.UUID `json:"fromUnit" data:"pseudonymous"`
	Unit     uuid.UUID `json:"unit" data:"pseudonymous"`
	Case     uuid.UUID `json:"case" data:"pseudonymous"`
	Category string    `json:"category" data:"none"`
}

// CaseRecordParted: a record has a unit of its own from now on, in the same case, because it alone is held, erased or kept.
// What stays in FromUnit goes on time. A record that had one already is told of with FromUnit equal to Unit.
type CaseRecordParted struct {
	Person   uuid.UUID `json:"person" data:"pseudonymous"`
	Record   uuid.UUID `json:"record" data:"pseudonymous"`
	FromUnit uuid.UUID `json:"fromUnit" data:"pseudonymous"`
	Unit     uuid.UUID `json:"unit" data:"pseudonymous"`
	Case     uuid.UUID `json:"case" data:"pseudonymous"`
	Category string    `json:"category" data:"none"`
}

// CaseAssigned: an officer handles the case from now on, or (Assigned false) no longer. Who opened a case handles it without
// one of these.
type CaseAssigned struct {
	Case     uuid.UUID `json:"case" data:"pseudonymous"`
	Officer  uuid.UUID `json:"officer" data:"pseudonymous"` // made of the account's HMAC
	Assigned bool      `json:"assigned" data:"none"`
}
