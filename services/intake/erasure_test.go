package intake_test

import (
	"testing"

	"gallra.se/events"
)

// STH-25: a contact goes by an order as it goes by its own time, long before that; what is preserved does not, nor what is not
// due yet, and a second word finds nothing.
func TestAContactIsErasedByAnOrderAndAPreservedOneIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sender, letter := w.feedbackOf()
	w.clock.set("2024-02-05T10:00:00+01:00")
	due := func(of events.ContactRecorded, at string) {
		unit := events.DueUnit{Unit: of.Unit, Rule: "STH-25", Trigger: events.TriggerErasureOrdered, DueOn: "2024-02-05", DueAt: moment(at), PolicyVersion: of.PolicyVersion}
		w.tellAt(sth, "retention", events.TypeDisposalDue, of.Contact.String(), events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{unit}})
	}
	for _, row := range []struct {
		of     events.ContactRecorded
		at     string
		reason string
	}{{letter, "2024-02-05T09:59:00+01:00", "preserved"}, {sender, "2024-02-05T10:01:00+01:00", "not-yet"}} {
		due(row.of, row.at)
		var declined events.DisposalDeclined
		if w.nextOf(events.TypeDisposalDeclined, &declined); declined.Units[0].Reason != row.reason || declined.Units[0].Unit != row.of.Unit {
			t.Errorf("%+v, want %s", declined, row.reason)
		}
	}
	due(sender, "2024-02-05T09:59:00+01:00")
	var gone events.RecordDisposed
	w.nextOf(events.TypeRecordDisposed, &gone)
	if u := gone.Units[0]; u.Unit != sender.Unit || u.Rule != "STH-25" || u.Trigger != events.TriggerErasureOrdered || len(u.Records) != 1 {
		t.Errorf("%+v", u)
	}
	due(sender, "2024-02-05T09:59:00+01:00") // once more, and late
	for path, want := range map[string]int{"/v1/contacts/" + sender.Contact.String(): 410, "/v1/contacts/" + letter.Contact.String(): 200} {
		if status, raw := w.as("dpo", sth, "GET", path, ""); status != want {
			t.Errorf("%s: %d %s", path, status, raw)
		}
	}
}
