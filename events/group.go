package events

import "github.com/google/uuid"

const (
	TypeGroupCreated = "se.gallra.group.created.v1"
	TypeGroupJoined  = "se.gallra.group.joined.v1"
	TypeGroupLeft    = "se.gallra.group.left.v1"
	TypeGroupMoved   = "se.gallra.group.moved.v1"
	TypeGroupEnded   = "se.gallra.group.ended.v1"
)

// GroupCreated: a job-seeker group begins. EndOn is its planned last day, where one is planned.
type GroupCreated struct {
	Group   uuid.UUID `json:"group" data:"pseudonymous"`
	StartOn string    `json:"startOn" data:"none" format:"date"`
	EndOn   string    `json:"endOn,omitempty" data:"none" format:"date"`
}

// GroupJoined: a person takes part. The participant's data go a period after the group's end, not after leaving (KSC-18).
// Sealed holds a SealedIdentity, to case-linker.
type GroupJoined struct {
	Group       uuid.UUID `json:"group" data:"pseudonymous"`
	Participant uuid.UUID `json:"participant" data:"pseudonymous"` // the group.participant record
	Unit        uuid.UUID `json:"unit" data:"pseudonymous"`
	JoinedOn    string    `json:"joinedOn" data:"none" format:"date"`
	Sealed      []byte    `json:"sealed,omitempty" data:"personal"`
	KeyID       string    `json:"keyId,omitempty" data:"none"`
}

// GroupLeft: a person takes part no longer.
type GroupLeft struct {
	Group       uuid.UUID `json:"group" data:"pseudonymous"`
	Participant uuid.UUID `json:"participant" data:"pseudonymous"`
	LeftOn      string    `json:"leftOn" data:"none" format:"date"`
}

// GroupMoved: the group's last day is another one.
type GroupMoved struct {
	Group uuid.UUID `json:"group" data:"pseudonymous"`
	EndOn string    `json:"endOn" data:"none" format:"date"`
}

// GroupEnded: the group ended on that day.
type GroupEnded struct {
	Group   uuid.UUID `json:"group" data:"pseudonymous"`
	EndedOn string    `json:"endedOn" data:"none" format:"date"`
}
