// Package erasure takes orders to erase before a period has ended: a record, a case, or all that is somebody's.
//
// An order is no second way to delete. It gives units a date, the instant of the order, and the rule of its ground; from there
// they go through the same gate, with the same guards and the same evidence as what retention ends. A hold wins against it: the
// order is taken, waits and shows that it does, until the hold is released. An open case is no reason against it. What is
// preserved, what nobody may delete yet and what the pack keeps from every erasure is not taken: such a record is refused with
// the rule, and where a case or a person is erased it is listed and stays.
package erasure

import (
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/store"
)

// Request asks for an erasure: of a record, of a case or of a person, on a ground of the authority's pack.
type Request struct {
	Record uuid.UUID `json:"record,omitzero"`
	Case   uuid.UUID `json:"case,omitzero"`
	Person uuid.UUID `json:"person,omitzero"`
	Ground string    `json:"ground"`
}

// check reads a request: one target and a ground that the pack knows.
func (r Request) check(p *policy.Pack) (scope string, target uuid.UUID, g policy.Ground, err error) {
	for _, t := range []struct {
		scope string
		id    uuid.UUID
	}{{"record", r.Record}, {"case", r.Case}, {"person", r.Person}} {
		switch {
		case t.id == uuid.Nil:
		case scope != "":
			return "", uuid.Nil, g, problem.OnField("invalid-field", t.scope) // one at a time
		default:
			scope, target = t.scope, t.id
		}
	}
	if scope == "" {
		return "", uuid.Nil, g, problem.OnField("missing-field", "record")
	}
	if r.Ground == "" {
		return "", uuid.Nil, g, problem.OnField("missing-field", "ground")
	}
	g, known := p.Erasure().Ground(r.Ground)
	if !known {
		return "", uuid.Nil, g, problem.OnField("invalid-field", "ground")
	}
	return scope, target, g, nil
}

// States of an order, and of a record that it takes.
const (
	Ordered  = "ordered"  // it goes as soon as its guards let it
	Parting  = "parting"  // its holder gives it a unit of its own first, or what stays one
	Waiting  = "waiting"  // a hold pauses it
	Due      = "due"      // its holder was told, the answer is awaited
	Declined = "declined" // its holder's own facts speak against it; it is asked again at the next midnight
	Done     = "done"     // nothing is left of what it takes
)

// Order is an order as it stands.
type Order struct {
	Erasure   uuid.UUID  `json:"erasure"`
	Scope     string     `json:"scope"`
	Target    uuid.UUID  `json:"target"`
	Ground    string     `json:"ground"`
	Rule      string     `json:"rule"` // requirement of the ground, which receipts name
	OrderedAt time.Time  `json:"orderedAt"`
	State     string     `json:"state"`          // ordered, waiting, declined, done: that of the slowest of its records
	DueAt     time.Time  `json:"dueAt,omitzero"` // from then on nobody reads what it takes; later where a released hold has moved it
	Disposed  int        `json:"disposed"`       // records
	Records   []Record   `json:"records"`        // that it takes and that are still there
	Withheld  []Withheld `json:"withheld"`       // that stay, and why
}

// Record is a record that an order takes. One that several persons share is listed once for each.
type Record struct {
	Record   uuid.UUID `json:"record"`
	State    string    `json:"state"`
	DueAt    time.Time `json:"dueAt,omitzero"`
	Declined string    `json:"declined,omitempty"` // the holder's reason
}

// Withheld is a record that stays, and the requirement by which it does.
type Withheld struct {
	Record uuid.UUID `json:"record"`
	Rule   string    `json:"rule"`
}

// view is an order with what is left of it.
func view(e store.Erasure, left []store.Outstanding) Order {
	o := Order{Erasure: e.ID, Scope: e.Scope, Target: e.Target, Ground: e.Ground, Rule: e.Rule, OrderedAt: e.OrderedAt,
		Disposed: e.Disposed, State: Done, DueAt: e.OrderedAt, Records: []Record{}, Withheld: []Withheld{}}
	for _, r := range left {
		if r.Kept != "" {
			o.Withheld = append(o.Withheld, Withheld{r.Record, r.Kept})
			continue
		}
		line := Record{Record: r.Record, State: stateOf(r), Declined: r.Declined}
		if r.Armed {
			line.DueAt = r.DueAt
		}
		o.Records = append(o.Records, line)
		if o.State = slower(o.State, line.State); line.DueAt.After(o.DueAt) {
			o.DueAt = line.DueAt
		}
	}
	return o
}

func stateOf(r store.Outstanding) string {
	switch {
	case r.State == store.Due:
		return Due
	case r.Held:
		return Waiting
	case !r.Armed:
		return Parting
	case r.Declined != "":
		return Declined
	}
	return Ordered
}

// slower is the state of an order with these two records.
func slower(order, record string) string {
	if record == Parting || record == Due {
		record = Ordered
	}
	rank := map[string]int{Done: 0, Ordered: 1, Waiting: 2, Declined: 3}
	if rank[record] > rank[order] {
		return record
	}
	return order
}
