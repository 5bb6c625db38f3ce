package reference

import (
	"cmp"
	"testing"

	"gallra.se/services/retention-timer/internal/testbed"
)

// step is what happens at noon of a day, and what is asked then.
type step struct {
	on      string
	events  []event
	amended *amendment
}

// found are differences that random histories have shown between the service and the model, and boundaries that a
// mutation of the service once passed unseen.
var found = []struct {
	name, authority string
	steps           []step
}{
	{"a hold on an identity's record covers no case that is opened later", "arbetsformedlingen", []step{
		{on: "2022-01-10", events: []event{{what: registered, person: "p", unit: "p", record: "p", on: day("2022-01-10")},
			{what: placed, hold: "h", scope: "record", target: "p", reason: "complaint"}}},
		{on: "2022-02-10", events: []event{{what: opened, person: "p", caseID: "c", unit: "c/p", file: "f", caseType: "programme"}}},
		{on: "2022-03-10", events: []event{{what: released, hold: "h"}, {what: closed, person: "p", caseID: "c", unit: "c/p", on: day("2022-03-10")}}},
	}},
	{"a version that changed another sentence is the one in force at the collection", "arbetsformedlingen", []step{
		{on: "2025-06-20", amended: &amendment{version: "v2", requirement: "AFC-21", period: period{days: 14}, from: day("2025-07-01")}},
		{on: "2025-07-01", events: []event{{what: recorded, unit: "u", record: "u", category: "contact.phone-log"}}},
	}},
	{"a case that is closed is not open because the notice is silent", "te-services", []step{
		{on: "2022-01-10", events: []event{{what: registered, person: "p", unit: "p", record: "p", on: day("2022-01-10")},
			{what: opened, person: "p", caseID: "c", unit: "c/p", file: "f", caseType: "job-seeking"}}},
		{on: "2022-03-10", events: []event{{what: deregistered, person: "p", unit: "p", on: day("2022-03-10")},
			{what: closed, person: "p", caseID: "c", unit: "c/p", on: day("2022-03-10")}}},
	}},
	{"a case closed on the day after the 26 months was open when they ran out", "arbetsformedlingen", []step{
		{on: "2022-01-10", events: []event{{what: registered, person: "p", unit: "p", record: "p", on: day("2022-01-10")},
			{what: opened, person: "p", caseID: "c", unit: "c/p", file: "f", caseType: "benefit"}}},
		{on: "2022-05-16", events: []event{{what: deregistered, person: "p", unit: "p", on: day("2022-05-16")}}},
		{on: "2024-07-17", events: []event{{what: closed, person: "p", caseID: "c", unit: "c/p", on: day("2024-07-17")}}},
	}},
	{"a case closed on the last day of the 26 months goes with them", "arbetsformedlingen", []step{
		{on: "2022-01-10", events: []event{{what: registered, person: "p", unit: "p", record: "p", on: day("2022-01-10")},
			{what: opened, person: "p", caseID: "c", unit: "c/p", file: "f", caseType: "benefit"}}},
		{on: "2022-05-16", events: []event{{what: deregistered, person: "p", unit: "p", on: day("2022-05-16")}}},
		{on: "2024-07-16", events: []event{{what: closed, person: "p", caseID: "c", unit: "c/p", on: day("2024-07-16")}}},
	}},
	{"of two limits on one day the normal one decides", "arbetsformedlingen", []step{
		{on: "2022-01-10", events: []event{{what: registered, person: "p", unit: "p", record: "p", on: day("2022-01-10")},
			{what: opened, person: "p", caseID: "c", unit: "c/p", file: "f", caseType: "control"}}},
		{on: "2022-04-01", events: []event{{what: closed, person: "p", caseID: "c", unit: "c/p", on: day("2022-04-01")}}},
		{on: "2023-01-31", events: []event{{what: deregistered, person: "p", unit: "p", on: day("2023-01-31")}}},
	}},
}

func TestFoundDifferences(t *testing.T) {
	t.Parallel()
	bed := testbed.New(t)
	for i, row := range found {
		t.Run(row.name, func(t *testing.T) {
			empty(bed, i)
			w := newWorld(t, bed, func(from, _ int, _ string) int { return from })
			w.begin(authorityOf(row.authority))
			l := &life{name: row.name}
			w.lives = append(w.lives, l)
			w.set(day(row.steps[0].on).midnight(w.policy.zone))
			for _, s := range row.steps {
				w.passTo(day(s.on).at(w.policy.zone, 12, 0, 0))
				if s.amended != nil {
					w.putIntoForce(*s.amended)
				}
				for _, e := range s.events {
					e.key = cmp.Or(e.person, e.unit)
					w.decide(l, e)
				}
				w.deliver()
				w.agree()
				w.ask()
			}
			w.passTo(day("2075-01-01").midnight(w.policy.zone))
		})
	}
}
