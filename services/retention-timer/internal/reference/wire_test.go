package reference

import (
	"github.com/google/uuid"

	"gallra.se/events"
)

// number is the id of something that the model knows by name.
func number(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// wire is a fact as its producer tells it.
func wire(p policy, e event) (eventType string, payload any) {
	unit, record, person, caseID, group := number(e.unit), number(e.record), number(e.person), number(e.caseID), number(e.group)
	switch e.what {
	case recorded:
		if e.category == "request.bare" {
			return events.TypeRequestReceived, events.RequestReceived{Request: record, Unit: unit, ReceivedOn: dayOf(e.at, p.zone).String()}
		}
		return events.TypeContactRecorded, events.ContactRecorded{
			Contact: record, Unit: unit, Category: e.category, EndedAt: e.at, EndedOn: dayOf(e.at, p.zone).String()}
	case withdrawn:
		return events.TypeContactWithdrawn, events.ContactWithdrawn{Contact: unit, Unit: unit, WithdrawnOn: e.on.String()}
	case extended:
		return events.TypeRecordingExtended, events.RecordingExtended{Contact: unit, Unit: unit, Until: e.on.String(), Reason: e.reason}
	case reasonEnded:
		return events.TypeRecordingReasonEnded, events.RecordingReasonEnded{Contact: unit, Unit: unit, EndedOn: e.on.String()}
	case groupCreated:
		created := events.GroupCreated{Group: group, StartOn: dayOf(e.at, p.zone).String()}
		if !e.on.none() {
			created.EndOn = e.on.String()
		}
		return events.TypeGroupCreated, created
	case groupJoined:
		return events.TypeGroupJoined, events.GroupJoined{Group: group, Participant: record, Unit: unit, JoinedOn: e.on.String()}
	case groupLeft:
		return events.TypeGroupLeft, events.GroupLeft{Group: group, Participant: record, LeftOn: e.on.String()}
	case groupMoved:
		return events.TypeGroupMoved, events.GroupMoved{Group: group, EndOn: e.on.String()}
	case groupEnded:
		return events.TypeGroupEnded, events.GroupEnded{Group: group, EndedOn: e.on.String()}
	case registered:
		return events.TypePersonRegistered, events.PersonRegistered{Person: person, Unit: unit, Record: record, RegisteredAt: e.at, RegisteredOn: e.on.String()}
	case deregistered:
		return events.TypePersonDeregistered, events.PersonDeregistered{Person: person, Unit: unit, EffectiveOn: e.on.String(), DecidedAt: e.at}
	case corrected:
		return events.TypePersonCorrected, events.PersonCorrected{
			Person: person, Unit: unit, Event: "deregistered", EffectiveOn: e.on.String(), DecidedAt: e.at, Reason: e.reason}
	case opened:
		return events.TypeCaseOpened, events.CaseOpened{Person: person, Case: caseID, Share: unit, File: number(e.file), CaseType: e.caseType, OpenedAt: e.at}
	case noted:
		said := events.CaseNoted{Person: person, Case: caseID, Share: number(e.from), Note: record, NotedAt: e.at, Category: e.category}
		if e.unit != e.from {
			said.Unit = &unit
		}
		return events.TypeCaseNoted, said
	case closed:
		return events.TypeCaseClosed, events.CaseClosed{Person: person, Case: caseID, Share: unit, EffectiveOn: e.on.String(), DecidedAt: e.at}
	case reopened:
		return events.TypeCaseReopened, events.CaseReopened{Person: person, Case: caseID, Share: unit, EffectiveOn: e.on.String(), DecidedAt: e.at}
	case adopted:
		return events.TypeCaseAdopted, events.CaseRecordAdopted{
			Person: person, Record: record, FromUnit: number(e.from), Unit: unit, Case: caseID, Category: e.category}
	case parted:
		return events.TypeCaseParted, events.CaseRecordParted{
			Person: person, Record: record, FromUnit: number(e.from), Unit: unit, Case: caseID, Category: e.category}
	}
	panic("the bus does not bring " + string(e.what))
}
