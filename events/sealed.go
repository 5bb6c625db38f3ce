package events

import "github.com/google/uuid"

// SealedNote is what the sealed box of contact.noted (to case-linker) and contact.unlinked (to intake) holds.
type SealedNote struct {
	Case       string `json:"case"` // the authority's own case number
	Text       string `json:"text"`
	NationalID string `json:"nationalId,omitempty"`
	Author     string `json:"author,omitempty"`
	Appointed  bool   `json:"appointed,omitempty"` // the author may know of protected persons (AFG-10)
}

// SealedIdentity is what the sealed box of contact.recorded (to case-linker) holds: who said who they are.
type SealedIdentity struct {
	NationalID string `json:"nationalId"` // in its one canonical form
}

// SealedStatisticsRecorded is the box of statistics.recorded. R and T are 16 random bytes in hex.
type SealedStatisticsRecorded struct {
	R     string           `json:"r"`
	T     string           `json:"t"`
	Epoch int              `json:"epoch"`
	Row   StatisticsFields `json:"row"`
}

// SealedStatisticsWithdrawn is the box of statistics.withdrawn.
type SealedStatisticsWithdrawn struct {
	R string `json:"r"`
}

// SealedStatisticsSeparated is the box of statistics.separated. SeparatedOn is a civil date.
type SealedStatisticsSeparated struct {
	R           string `json:"r"`
	SeparatedOn string `json:"separatedOn"`
}

// NotedAAD binds the box of contact.noted to its authority and note.
func NotedAAD(authority string, note uuid.UUID) []byte {
	return []byte("contact.noted|" + authority + "|" + note.String())
}

// RecordedAAD binds the box of contact.recorded to its authority and contact.
func RecordedAAD(authority string, contact uuid.UUID) []byte {
	return []byte("contact.recorded|" + authority + "|" + contact.String())
}

// UnlinkedAAD binds the box of contact.unlinked to its authority and note.
func UnlinkedAAD(authority string, note uuid.UUID) []byte {
	return []byte("contact.unlinked|" + authority + "|" + note.String())
}

// StatisticsAAD binds a box of the statistics events to its full type and authority.
func StatisticsAAD(eventType, authority string) []byte {
	return []byte(eventType + "|" + authority)
}
