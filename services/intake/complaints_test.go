package intake_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
)

func complaintBody(recording string) string {
	return fmt.Sprintf(`{"recording":%q,"reason":"canary-complaint: the advice was wrong"}`, recording)
}

// complaint opens one about a recording and returns its id.
func (c *centre) complaint(recording string) string {
	c.t.Helper()
	id, _ := c.expect("201", c.officer, "POST", "/v1/complaints", "", complaintBody(recording))["id"].(string)
	var opened events.ComplaintOpened
	c.next(events.TypeComplaintOpened, &opened)
	if opened.Complaint.String() != id || opened.Recording.String() != recording {
		c.t.Errorf("%+v", opened)
	}
	return id
}

// KSC-06, KSC-14: what is written of a complaint outlives the recording, whose longer keeping ends with the last complaint.
func TestAComplaintKeepsItsRecordingUntilItIsClosed(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	recording := c.recording("c-1")
	recorded := c.end(recording)
	one, two := c.complaint(recording), c.complaint(recording)
	c.expect("201", c.officer, "POST", "/v1/recordings/"+recording+"/extension", "", `{"reason":"complaint","until":"2025-12-31"}`)
	var extended events.RecordingExtended
	c.next(events.TypeRecordingExtended, &extended)

	seen := c.expect("200", c.officer, "GET", "/v1/complaints/"+one, "complaint", "")
	if seen["closedAt"] != nil || fmt.Sprint(seen["fields"]) != "map[author:noora name:Aili Kanariefjorton nationalId:050105A916V text:canary-complaint: the advice was wrong]" {
		t.Errorf("%v", seen)
	}
	c.clock.set("2025-03-10T10:00:00+02:00")
	c.expect("200", c.officer, "POST", "/v1/complaints/"+one+"/close", "", `{"reason":"answered","at":"2025-03-10T09:00:00+02:00"}`)
	var closed events.ComplaintClosed
	c.next(events.TypeComplaintClosed, &closed)
	if closed.ClosedOn != "2025-03-10" || closed.Recording.String() != recording {
		t.Errorf("%+v", closed)
	}
	if e := c.recorded(); e.Category != "contact.complaint" || e.EndedOn != "2025-03-10" || !e.Identified || e.Contact.String() != one {
		t.Errorf("%+v", e)
	}
	c.expect("409 conflict", c.officer, "POST", "/v1/complaints/"+one+"/close", "", `{"reason":"answered again"}`)
	if seen := c.expect("200", c.officer, "GET", "/v1/complaints/"+one, "", ""); seen["closedAt"] != "2025-03-10T07:00:00Z" || !strings.Contains(fmt.Sprint(seen["fields"]), "answer:answered ") {
		t.Errorf("%v", seen)
	}

	c.expect("200", c.officer, "POST", "/v1/complaints/"+two+"/close", "", `{"reason":"answered"}`)
	c.next(events.TypeComplaintClosed, &closed)
	c.recorded()
	var ended events.RecordingReasonEnded
	c.next(events.TypeRecordingReasonEnded, &ended)
	if ended.EndedOn != "2025-03-10" || ended.Unit != recorded.Unit {
		t.Errorf("%+v", ended)
	}

	due := events.DueUnit{Unit: recorded.Unit, Rule: "KSC-13", Trigger: events.TriggerContactEnded, DueOn: "2025-09-05", DueAt: moment("2025-09-05T00:00:00+03:00"),
		PolicyVersion: recorded.PolicyVersion}
	c.clock.set("2025-09-05T00:00:00+03:00")
	c.fromTimer(events.TypeDisposalDue, recording, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	c.expect("410 gone", c.officer, "GET", "/v1/recordings/"+recording, "complaint", "")
	c.expect("200", c.officer, "GET", "/v1/complaints/"+one, "complaint", "")
}

func (c *centre) recordedEvent() events.ContactRecorded { c.t.Helper(); return c.recorded() }

func TestAComplaintIsRefusedWithoutTextRecordingOrRight(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	recording := c.recording("c-1")
	c.end(recording)
	before := c.rows()["contact"]
	for body, want := range map[string]string{
		complaintBody(uuid.NewString()):                                                        "404 not-found",
		complaintBody("../../etc"):                                                             "404 not-found",
		fmt.Sprintf(`{"recording":%q,"reason":""}`, recording):                                 "422 missing-field reason",
		fmt.Sprintf(`{"recording":%q,"reason":"a\u0000b"}`, recording):                         "422 invalid-text reason",
		fmt.Sprintf(`{"recording":%q,"reason":"x","until":"2030"}`, recording):                 "422 unknown-field until",
		fmt.Sprintf(`{"recording":%q,"reason":%q}`, recording, strings.Repeat("x", 256<<10+1)): "413 too-large reason",
	} {
		c.expect(want, c.officer, "POST", "/v1/complaints", "", body)
	}
	analyst, elsewhere := c.officer, c.officer
	analyst.Roles, elsewhere.Authority = []string{"analyst"}, "te-services"
	c.expect("403 forbidden L-05", analyst, "POST", "/v1/complaints", "", complaintBody(recording))
	c.expect("404 not-found", elsewhere, "POST", "/v1/complaints", "", complaintBody(recording))
	if after := c.rows()["contact"]; after != before {
		t.Errorf("%d records, before %d", after, before)
	}
	id := c.complaint(recording)
	c.expect("403 forbidden AFG-06", c.officer, "GET", "/v1/complaints/"+id, "curiosity", "")
	c.expect("404 not-found", elsewhere, "GET", "/v1/complaints/"+id, "complaint", "")
	c.expect("404 not-found", c.officer, "GET", "/v1/complaints/"+recording, "complaint", "") // is none
	c.expect("404 not-found", c.officer, "GET", "/v1/recordings/"+id, "complaint", "")
	c.expect("422 invalid-time at", c.officer, "POST", "/v1/complaints/"+id+"/close", "", `{"reason":"answered","at":"2025-03-04T10:14:00+02:00"}`)
	c.expect("422 missing-field reason", c.officer, "POST", "/v1/complaints/"+id+"/close", "", `{}`)
	if response, _ := c.ask(c.officer, "POST", "/v1/complaints", "", map[string]string{"Content-Type": "text/plain"}, []byte(complaintBody(recording))); response.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %d", response.StatusCode)
	}
}
