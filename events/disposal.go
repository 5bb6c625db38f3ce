package events

import (
	"time"

	"github.com/google/uuid"
)

const (
	TypeDisposalDue      = "se.gallra.disposal.due.v1"
	TypeDisposalDeclined = "se.gallra.disposal.declined.v1"
	TypeRecordDisposed   = "se.gallra.record.disposed.v1"
)

// MaxUnits is how many disposal units one bulk event may carry.
const MaxUnits = 500

// Trigger kinds: the fact that set a clock going.
const (
	TriggerContactEnded      = "contact-ended"
	TriggerMailReceived      = "mail-received"
	TriggerDeregistered      = "deregistered"
	TriggerCaseClosed        = "case-closed"
	TriggerGroupEnded        = "group-ended"
	TriggerRecruitmentClosed = "recruitment-closed"
	TriggerTestTaken         = "test-taken"
	TriggerSeparation        = "separation"
	TriggerRequestReceived   = "request-received"
	TriggerConsentWithdrawn  = "consent-withdrawn"
	TriggerErasureOrdered    = "erasure-ordered" // no clock: somebody ordered it, and the rule is that of the ground
)

// DisposalDue: nothing that retention-timer knows of stands in the way any more. One holder, one partition.
type DisposalDue struct {
	Holder string    `json:"holder" data:"none"`
	Units  []DueUnit `json:"units" data:"none"`
}

// DueUnit is gone from DueOn 00:00 in the authority's zone; DueAt is that instant, or that of the order to erase it on that day.
type DueUnit struct {
	Unit    uuid.UUID `json:"unit" data:"pseudonymous"`
	Rule    string    `json:"rule" data:"none"`
	Trigger string    `json:"trigger" data:"none" enum:"contact-ended|mail-received|deregistered|case-closed|group-ended|recruitment-closed|test-taken|separation|request-received|consent-withdrawn|erasure-ordered"`
	DueOn   string    `json:"dueOn" data:"none" format:"date"`
	DueAt   time.Time `json:"dueAt" data:"none"`
	// PolicyVersion is the version that was in force when the data were collected and, after a blank, the later one that
	// shortened the period, if one did.
	PolicyVersion string `json:"policyVersion" data:"none"`
	DespiteHolds  bool   `json:"despiteHolds,omitempty" data:"none"` // no hold counts any more: the promise has no exception (KSC-14)
}

// DisposalDeclined: the holder's own facts say that these units are not due. The holder has the last word.
type DisposalDeclined struct {
	Holder string         `json:"holder" data:"none"`
	Units  []DeclinedUnit `json:"units" data:"none"`
}

// DeclinedUnit names the fact that stood in the way, as a code.
type DeclinedUnit struct {
	Unit   uuid.UUID `json:"unit" data:"pseudonymous"`
	Reason string    `json:"reason" data:"none"`
}

// RecordDisposed: keys are destroyed, rows are gone. RemovedAt is when readers lost it, UnrecoverableAt when the last
// key that could open any copy was destroyed.
type RecordDisposed struct {
	Holder          string         `json:"holder" data:"none"`
	Units           []DisposedUnit `json:"units" data:"none"`
	RemovedAt       time.Time      `json:"removedAt" data:"none"`
	UnrecoverableAt time.Time      `json:"unrecoverableAt" data:"none"`
}

// DisposedUnit lists every record that went with one unit; the ledger writes a leaf for each.
type DisposedUnit struct {
	Unit          uuid.UUID        `json:"unit" data:"pseudonymous"`
	Records       []DisposedRecord `json:"records" data:"none"`
	Rule          string           `json:"rule" data:"none"`
	Trigger       string           `json:"trigger" data:"none" enum:"contact-ended|mail-received|deregistered|case-closed|group-ended|recruitment-closed|test-taken|separation|request-received|consent-withdrawn|erasure-ordered"`
	DueOn         string           `json:"dueOn" data:"none" format:"date"`
	DueAt         time.Time        `json:"dueAt" data:"none"`
	PolicyVersion string           `json:"policyVersion" data:"none"`
	// Audience is whom it was for: absent, everyone who may read such records; else officers who are appointed.
	Audience string `json:"audience,omitempty" data:"none" enum:"protected"`
}

// DisposedRecord: Commitment's salt lay under the record's own key and died with it, so there is nothing to guess.
type DisposedRecord struct {
	Record     uuid.UUID `json:"record" data:"pseudonymous"`
	Category   string    `json:"category" data:"none"`
	Commitment []byte    `json:"commitment" data:"none"`
}
