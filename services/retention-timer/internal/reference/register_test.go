package reference

import (
	"slices"
	"time"
)

// register is what one reads from the events: who is registered, which cases are open, which units there are.
type register struct {
	policy  policy
	events  []event
	units   map[string]*unit
	groups  map[string]date    // the end, if it is known
	persons map[string]*person // by person
	shares  map[string]*share  // by case and person
	holds   map[string]*hold
	kinds   map[string]string // the category of a record in a case
}

// unit is what goes at one time.
type unit struct {
	category, caseType string
	person             string
	group              string
	share              string // of the case that it lives in
	records            []string
	collectedOn        date
	endedOn            date // contact ended, mail received
	extendedUntil      date
	reasonEndedOn      date
	withdrawnOn        date      // the consent that it is kept with
	toldAt             time.Time // of a contact
	gone               bool
}

type person struct {
	registered     bool
	deregisteredOn date
}

// share is one person's part in one case.
type share struct {
	caseID   string
	closedOn date // none: open
}

type hold struct {
	scope, target, reason string
	released              bool
}

func read(p policy, events []event) register {
	r := register{p, events, map[string]*unit{}, map[string]date{}, map[string]*person{}, map[string]*share{}, map[string]*hold{}, map[string]string{}}
	for _, e := range ordered(events) {
		r.apply(e)
	}
	return r
}

func (r register) dayOf(at time.Time) date { return dayOf(at, r.policy.zone) }

func (r register) apply(e event) {
	switch e.what {
	case recorded:
		ended := r.dayOf(e.at)
		r.units[e.unit] = &unit{category: e.category, records: []string{e.record}, collectedOn: ended, endedOn: ended, toldAt: e.told}
	case extended:
		r.units[e.unit].extendedUntil = e.on
	case withdrawn:
		if u := r.units[e.unit]; u.withdrawnOn.none() {
			u.withdrawnOn = e.on
		}
	case reasonEnded:
		r.units[e.unit].reasonEndedOn = e.on
	case groupCreated, groupMoved, groupEnded:
		r.groups[e.group] = e.on
	case groupJoined:
		r.units[e.unit] = &unit{category: "group.participant", group: e.group, records: []string{e.record}, collectedOn: e.on}
	case registered:
		r.register(e)
	case deregistered, corrected:
		if p := r.persons[e.person]; e.what == deregistered || !p.registered {
			p.registered, p.deregisteredOn = false, e.on
		}
	case opened:
		r.open(e)
	case noted:
		r.note(e)
	case closed:
		r.shares[e.caseID+"/"+e.person].closedOn = e.on
	case reopened:
		r.shares[e.caseID+"/"+e.person].closedOn = date{}
	case adopted, parted:
		r.adopt(e)
	case placed:
		r.holds[e.hold] = &hold{scope: e.scope, target: e.target, reason: e.reason}
	case released:
		r.holds[e.hold].released = true
	case disposed:
		r.units[e.unit].gone = true
	}
}

// register: on or before the last day of the 26 months it stops them; afterwards there is nothing left to register
// again, and a new registration is a new subject.
func (r register) register(e event) {
	p := r.persons[e.person]
	if r.units[e.unit] == nil {
		r.persons[e.person] = &person{registered: true}
		r.units[e.unit] = &unit{category: "person.identity", person: e.person, records: []string{e.record}, collectedOn: e.on}
		return
	}
	if !p.registered && r.policy.identity.requirement != "" {
		then := r.policy
		then.amendments = slices.DeleteFunc(slices.Clone(then.amendments), func(a amendment) bool { return a.n > e.n })
		if gone, _ := then.goneFrom(r.policy.identity, p.deregisteredOn, r.units[e.unit].collectedOn); !e.on.before(gone) {
			return
		}
	}
	p.registered, p.deregisteredOn = true, date{}
}

func (r register) open(e event) {
	on := r.dayOf(e.at)
	r.shares[e.caseID+"/"+e.person] = &share{caseID: e.caseID}
	r.kinds[e.file] = "case.file"
	r.units[e.unit] = &unit{
		category: "case.file", caseType: e.caseType, person: e.person, share: e.caseID + "/" + e.person,
		records: []string{e.file}, collectedOn: on,
	}
	if r.persons[e.person] == nil {
		r.persons[e.person] = &person{registered: true} // never registered: nothing of the person's ends
	}
}

// note: the note goes with its case's share, or has a unit of its own in the same case.
func (r register) note(e event) {
	r.kinds[e.record] = e.category
	if u := r.units[e.unit]; u != nil {
		u.records = append(u.records, e.record)
		return
	}
	r.units[e.unit] = &unit{
		category: e.category, caseType: e.caseType, person: e.person, share: e.caseID + "/" + e.person,
		records: []string{e.record}, collectedOn: r.dayOf(e.at),
	}
}

// adopt: the record lives in the case that took it in from now on, and follows its last closure. In a unit of its own it is
// as old as the one that it has left.
func (r register) adopt(e event) {
	from, to := r.units[e.from], r.units[e.unit]
	if to == nil {
		to = &unit{category: e.category, caseType: r.units[e.caseID+"/"+e.person].caseType, person: e.person,
			share: e.caseID + "/" + e.person, collectedOn: from.collectedOn}
		r.units[e.unit] = to
	}
	from.records = slices.DeleteFunc(from.records, func(record string) bool { return record == e.record })
	to.records = append(to.records, e.record)
}
