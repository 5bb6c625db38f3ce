package caselinker_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/seal"
)

// AFC-03, AFG-10: a recorded call, a complaint about one and a participant of a group are linked when they are first told of:
// they have not ended yet, and are to be hidden with their person all the same.
func TestWhatHasNotEndedYetIsLinkedToo(t *testing.T) {
	w := newWorld(t, "2024-01-09T09:00:00+01:00")
	person := w.enrol(anna, "Anna Kanarie")
	public, keyID, err := w.keys.TransportKey(w.ctx, w.clock.Now())
	w.must(err)
	plain, err := json.Marshal(events.SealedIdentity{NationalID: anna})
	w.must(err)
	linked := map[uuid.UUID]bool{}
	for eventType, with := range map[string]func(uuid.UUID, []byte, string) any{
		events.TypeRecordingStarted: func(id uuid.UUID, box []byte, keyID string) any {
			return events.RecordingStarted{Contact: id, Line: "national", ToldAt: w.clock.Now(), StartedAt: w.clock.Now(), Sealed: box, KeyID: keyID}
		},
		events.TypeComplaintOpened: func(id uuid.UUID, box []byte, keyID string) any {
			return events.ComplaintOpened{Complaint: id, Recording: uuid.New(), OpenedOn: "2024-01-09", Sealed: box, KeyID: keyID}
		},
		events.TypeGroupJoined: func(id uuid.UUID, box []byte, keyID string) any {
			return events.GroupJoined{Group: uuid.New(), Participant: id, Unit: uuid.New(), JoinedOn: "2024-01-09", Sealed: box, KeyID: keyID}
		},
	} {
		known, nobody := uuid.New(), uuid.New()
		box, err := seal.Seal(public, events.RecordedAAD(af, known), plain)
		w.must(err)
		linked[known] = true
		for id, data := range map[uuid.UUID]any{known: with(known, box, keyID), nobody: with(nobody, nil, "")} {
			w.tell("contact", outbox.Draft{Authority: af, Type: eventType, Subject: id.String(), Key: id.String(), Data: data})
		}
	}
	w.until("three are linked", func() bool { return w.sent(events.TypeContactLinked) == len(linked) })
	for _, e := range said[events.ContactLinked](w, events.TypeContactLinked) {
		if e.Person != person || !linked[e.Contact] {
			t.Errorf("%+v", e)
		}
	}
}
