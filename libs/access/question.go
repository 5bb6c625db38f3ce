package access

import "net/http"

// Action is what somebody wants to do with a record.
type Action string

// The actions.
const (
	Read   Action = "read"
	Write  Action = "write"
	Search Action = "search"
	Play   Action = "play"   // listen to a recording
	Manage Action = "manage" // protection, assignment, alarms
)

// Question is one decision to make. The authority is the caller's own: records of another are not found in the first place.
type Question struct {
	Action    Action
	Category  string // of the record, as the policy pack names it
	CaseType  string // of the case that the record belongs to; empty where there is none
	Protected bool   // the record is about somebody with a protected identity
	Assigned  bool   // the caller is assigned to the case; true where there is none
	Purpose   string
}

// PurposeHeader bears the purpose of a request for personal data: a code of the policy pack (AFG-06).
const PurposeHeader = "Gallra-Purpose"

// PurposeOf reads it; empty where there is none.
func PurposeOf(r *http.Request) string { return r.Header.Get(PurposeHeader) }
