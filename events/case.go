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

// CaseNoted: a note was stored in the case, written there or brought by a contact.
type CaseNoted struct {
	Person  uuid.UUID  `json:"person" data:"pseudonymous"`
	Case    uuid.UUID  `json:"case" data:"pseudonymous"`
	Share   uuid.UUID  `json:"share" data:"pseudonymous"`
	Note    uuid.UUID  `json:"note" data:"pseudonymous"`
	Contact *uuid.UUID `json:"contact,omitempty" data:"pseudonymous"`
	NotedAt time.Time  `json:"notedAt" data:"none"`
}
