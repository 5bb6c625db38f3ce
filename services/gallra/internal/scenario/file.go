package scenario

import (
	"time"

	"go.yaml.in/yaml/v3"
)

// File is one scenario as its author wrote it.
type File struct {
	Path      string
	ID        string
	Title     string
	Promises  []string
	Authority string
	Actors    map[string]Actor
	Persons   map[string]Person
	Employers map[string]Employer
	Canaries  []string
	Steps     []Step
}

// Actor is a member of staff.
type Actor struct {
	Roles     []string
	Appointed bool
}

// Person is an alias for somebody with an official test number. Being listed registers
// nobody.
type Person struct {
	NationalID string
	Name       string
}

// Employer is an alias for an organisation.
type Employer struct {
	OrgNumber string
	Name      string
}

// Step is either an action (Do) or a check (Claims), at one moment.
type Step struct {
	Line      int
	At        time.Time
	AtText    string // as written, for the report
	By        string // empty: the default actor of the action
	Authority string
	Do        string
	Ref       string
	With      Args
	Expect    Expect
	Claims    []Claim
}

// Expect is what the answer of an action must be.
type Expect struct {
	Outcome string   // "" means ok
	Rule    string   // the requirement id that a refusal cites
	Stored  []string // nil: not looked at; order does not matter
	Dropped []string
	Fields  []string
	Flags   []string
	Answer  string
	Due     string
	LastDay string
	Until   string // extendedTo
	SameAs  string
	set     map[string]bool
}

// Says reports whether the author wrote this expectation, be it an empty list.
func (e Expect) Says(key string) bool { return e.set[key] }

// Claim is one key of a check. Value has the Go type that the key's shape gives it.
type Claim struct {
	Key   string
	Line  int
	Value any
}

// Limits are the three dates of a record; "none" where a limit does not run.
type Limits struct{ Normal, Ceiling, Statutory string }

// Absent is what must be nowhere: the file's canaries, or these strings.
type Absent struct {
	Canaries bool
	Strings  []string
}

// Args are the arguments of an action; their shapes are checked by the accessors of the
// action that takes them.
type Args struct {
	file  string
	nodes map[string]*yaml.Node
}
