package intake_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bus"
)

const sth = "stockholm-labour-market-board"

// tellAt is tell at another authority.
func (w *world) tellAt(authority, context, eventType, key string, data any) {
	w.t.Helper()
	e := cloudevents.New()
	e.SetID(uuid.NewString())
	e.SetSource("/gallra/" + authority + "/test")
	e.SetType(eventType)
	e.SetTime(w.clock.Now())
	e.SetExtension("partitionkey", key)
	must(w.t, e.SetData(cloudevents.ApplicationJSON, data))
	raw, err := e.MarshalJSON()
	must(w.t, err)
	ack, err := w.js.Publish(w.t.Context(), fmt.Sprintf("ev.%s.%s.%d.%s", authority, context, bus.Partition(key), strings.TrimPrefix(eventType, "se.gallra.")), raw)
	must(w.t, err)
	w.published[bus.StreamOf(context)] = ack.Sequence
	w.settle()
}

// feedbackOf hands feedback with consent in, and returns who sent it and the letter.
func (w *world) feedbackOf() (sender, letter events.ContactRecorded) {
	w.t.Helper()
	status, raw := w.as("channel", sth, "POST", "/v1/contacts", `{"id":"f1","kind":"contact","authority":"stockholm-labour-market-board","channel":"feedback",
		"identified":false,"consent":true,"at":"2024-01-31T14:10:00+01:00","endedAt":"2024-01-31T14:10:00+01:00",
		"fields":{"name":"Disa Kanariefem","email":"disa@example.se","text":"longer opening hours"}}`)
	if status != 201 {
		w.t.Fatalf("%d %s", status, raw)
	}
	w.next(events.TypeContactRecorded, &sender)
	w.next(events.TypeContactRecorded, &letter)
	return sender, letter
}

// STH-11
func TestContactDataGoWhenTheConsentIsWithdrawnAndTheLetterStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sender, letter := w.feedbackOf()
	path := "/v1/contacts/" + sender.Contact.String()
	due := events.DueUnit{Unit: sender.Unit, Rule: "STH-11", Trigger: events.TriggerConsentWithdrawn, DueOn: "2024-02-05", DueAt: moment("2024-02-05T00:00:00+01:00"), PolicyVersion: sender.PolicyVersion}
	w.clock.set("2024-02-05T10:00:00+01:00")
	w.tellAt(sth, "retention", events.TypeDisposalDue, sender.Contact.String(), events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	var declined events.DisposalDeclined
	if w.next(events.TypeDisposalDeclined, &declined); declined.Units[0].Reason != "own-facts" {
		t.Errorf("while the consent stands: %+v", declined)
	}
	for what, c := range map[string]struct {
		role, authority, path string
		status                int
	}{
		"the letter has no consent to withdraw": {"channel", sth, "/v1/contacts/" + letter.Contact.String(), 409},
		"another authority's channel":           {"channel", af, path, 404},
		"a processor":                           {"processor", sth, path, 403},
		"an unknown contact":                    {"channel", sth, "/v1/contacts/" + uuid.NewString(), 404},
		"no id":                                 {"channel", sth, "/v1/contacts/disa", 404},
	} {
		if status, raw := w.as(c.role, c.authority, "DELETE", c.path+"/consent", ""); status != c.status {
			t.Errorf("%s: %d %s", what, status, raw)
		}
	}
	if status, raw := w.as("channel", sth, "DELETE", path+"/consent", ""); status != 204 {
		t.Fatalf("withdrawn: %d %s", status, raw)
	}
	var withdrawn events.ContactWithdrawn
	w.nextOf(events.TypeContactWithdrawn, &withdrawn)
	if withdrawn.Contact != sender.Contact || withdrawn.Unit != sender.Unit || withdrawn.WithdrawnOn != "2024-02-05" {
		t.Errorf("%+v", withdrawn)
	}
	for method, where := range map[string]string{"GET": path, "DELETE": path + "/consent"} {
		if status, raw := w.as("dpo", sth, method, where, ""); status != 410 {
			t.Errorf("%s afterwards: %d %s", method, status, raw)
		}
	}
	w.tellAt(sth, "retention", events.TypeDisposalDue, sender.Contact.String(), events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	var gone events.RecordDisposed
	w.nextOf(events.TypeRecordDisposed, &gone)
	if u := gone.Units[0]; u.Unit != sender.Unit || u.Rule != "STH-11" || u.Trigger != events.TriggerConsentWithdrawn {
		t.Errorf("%+v", u)
	}
	if status, raw := w.as("dpo", sth, "GET", "/v1/contacts/"+letter.Contact.String(), ""); status != 200 || !strings.Contains(string(raw), "opening hours") {
		t.Errorf("the letter: %d %s", status, raw)
	}
}

// nextOf passes over what is told of reading.
func (w *world) nextOf(eventType string, into any) {
	w.t.Helper()
	for e := range w.told {
		if e.Type() == events.TypeAccessLogged {
			continue
		}
		if e.Type() != eventType {
			w.t.Fatalf("told of %s, want %s", e.Type(), eventType)
		}
		must(w.t, json.Unmarshal(e.Data(), into))
		return
	}
}
