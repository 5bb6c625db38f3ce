// Package timeline is one record's life on one axis: when its clocks began, when each would end it, what holds it, and
// which of them decides. It is a pure function of what retention-timer answers and of today; it knows nobody's name.
package timeline

import "time"

// Record is retention-timer's answer about a record. Days are civil, "none" or empty where none runs; the day of a limit
// is the one from whose 00:00 the record is gone.
type Record struct {
	Record    string `json:"record"`
	Authority string `json:"authority"`
	Unit      string `json:"unit"`
	Kind      string `json:"kind"`
	Category  string `json:"category"`
	CaseType  string `json:"caseType"`
	State     string `json:"state"` // idle, running, due, disposed
	Rule      string `json:"rule"`  // that decides
	Due       string `json:"due"`
	Limits    struct {
		Normal    string `json:"normal"`
		Ceiling   string `json:"ceiling"`
		Statutory string `json:"statutory"` // the last day by law
	} `json:"limits"`
	CollectedOn     string `json:"collectedOn"`
	Floor           string `json:"floor"`
	ExtendedUntil   string `json:"extendedUntil"`
	ArchiveTransfer string `json:"archiveTransfer"`
	PolicyVersion   string `json:"policyVersion"`

	Paused         []string `json:"paused"`
	Declined       string   `json:"declined"`
	OverdueBecause string   `json:"overdueBecause"`
	Erasure        *Erasure `json:"erasure"` // somebody has ordered it
	Preserved      bool     `json:"preserved"`
	Silence        string   `json:"silence"`

	Clocks []Clock `json:"clocks"`
	Holds  []Hold  `json:"holds"`
	Trail  []Move  `json:"trail"`
}

// Erasure is an order to erase the record before its period has ended.
type Erasure struct {
	Rule      string    `json:"rule"`
	OrderedAt time.Time `json:"orderedAt"`
}

// Clock is a rule counted from a day.
type Clock struct {
	Rule        string `json:"rule"`
	Requirement string `json:"requirement"`
	Title       struct {
		En string `json:"en"`
		Sv string `json:"sv"`
	} `json:"title"`
	Trigger string `json:"trigger"`
	D0      string `json:"d0"`
	Period  string `json:"period"`
	Mode    string `json:"mode"`
	E       string `json:"e"` // last day of the period
	DueOn   string `json:"dueOn"`
	Limit   string `json:"limit"` // normal or ceiling
	State   string `json:"state"`
}

// Hold is a pause that somebody decided.
type Hold struct {
	Hold       string     `json:"hold"`
	Scope      string     `json:"scope"`
	Reason     string     `json:"reason"`
	PlacedAt   time.Time  `json:"placedAt"`
	ReviewAt   time.Time  `json:"reviewAt"`
	ReleasedAt *time.Time `json:"releasedAt"`
}

// Move is one time that the due date was worked out anew, and the event that made it so.
type Move struct {
	At      time.Time `json:"at"`
	Because string    `json:"because"`
	Rule    string    `json:"rule"`
	DueOn   string    `json:"dueOn"`
}
