package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/keyring"
)

// KSC-14
func TestASingleRecordingIsKeptLongerAndSeveralNever(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	path := "/v1/recordings/" + id + "/extension"
	c.expect("409 conflict", c.officer, "POST", path, "", `{"reason":"complaint","until":"2025-12-31"}`)
	recorded := c.end(id)
	c.expect("422 invalid-field reason", c.officer, "POST", path, "complaint", `{"reason":"curiosity","until":"2025-12-31"}`)
	c.expect("403 forbidden KSC-06", c.officer, "POST", path, "", `{"reason":"curiosity","until":"2025-12-31"}`)
	c.expect("422 invalid-time until", c.officer, "POST", path, "", `{"reason":"complaint","until":"2025-12-32"}`)
	c.expect("422 invalid-field until", c.officer, "POST", path, "", `{"reason":"complaint","until":"2025-09-04"}`)
	c.expect("403 forbidden KSC-24", c.telephony, "POST", path, "", `{"reason":"complaint","until":"2025-12-31"}`)
	c.expect("404 not-found", c.officer, "DELETE", path, "complaint", "")
	several := fmt.Sprintf(`{"recordings":[%q,%q],"reason":"quality","until":"2025-12-31","bulk":true}`, id, uuid.NewString())
	c.expect("422 invalid-field KSC-14", c.officer, "POST", "/v1/recordings/extensions", "", several)
	c.expect("422 invalid-field KSC-14", c.officer, "POST", "/v1/recordings/extensions", "", strings.Replace(several, "true", "false", 1))
	if rows := c.rows(); rows["recording_extension"] != 0 {
		t.Fatalf("%d extensions of what was refused", rows["recording_extension"])
	}
	if out := c.expect("201", c.officer, "POST", path, "", `{"reason":"complaint","until":"2027-01-01"}`); out["extendedTo"] != "2026-03-03" {
		t.Errorf("beyond twelve months: %v", out)
	}
	var extended events.RecordingExtended
	c.next(events.TypeRecordingExtended, &extended)
	if extended.Contact.String() != id || extended.Unit != recorded.Unit || extended.Until != "2026-03-03" || extended.Reason != "complaint" {
		t.Errorf("%+v", extended)
	}
	c.declined(id, recorded) // whatever retention-timer thinks
	c.expect("201", c.officer, "POST", "/v1/recordings/extensions", "", fmt.Sprintf(`{"recordings":[%q],"reason":"quality","until":"2025-12-31"}`, id))
	c.next(events.TypeRecordingExtended, &extended)
	if extended.Until != "2026-03-03" {
		t.Errorf("two reasons: %+v", extended)
	}
	c.expect("200", c.officer, "DELETE", path+"?reason=complaint", "complaint", "")
	c.next(events.TypeRecordingExtended, &extended)
	if extended.Until != "2025-12-31" || extended.Reason != "quality" {
		t.Errorf("one is left: %+v", extended)
	}
	c.expect("200", c.officer, "DELETE", path, "quality", "")
	var ended events.RecordingReasonEnded
	c.next(events.TypeRecordingReasonEnded, &ended)
	if ended.EndedOn != "2025-03-04" || ended.Unit != recorded.Unit {
		t.Errorf("none is left: %+v", ended)
	}
	c.expect("200", c.officer, "DELETE", path, "quality", "")
	c.clock.set("2025-09-05T00:00:00+03:00")
	c.expect("410 gone", c.officer, "POST", path, "", `{"reason":"complaint","until":"2025-12-31"}`)
	select {
	case e := <-c.told:
		if e.Type() != events.TypeAccessLogged {
			t.Errorf("told of %s", e.Type())
		}
	default:
	}
}

// declined wants a disposal at the ordinary end of a recording declined, by intake's own facts.
func (c *centre) declined(id string, recorded events.ContactRecorded) {
	c.t.Helper()
	today := c.clock.Now()
	c.clock.set("2025-09-05T00:00:00+03:00")
	c.fromTimer(events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{{Unit: recorded.Unit, Rule: "KSC-13",
		Trigger: events.TriggerContactEnded, DueOn: "2025-09-05", DueAt: moment("2025-09-05T00:00:00+03:00"), PolicyVersion: recorded.PolicyVersion}}})
	var declined events.DisposalDeclined
	c.next(events.TypeDisposalDeclined, &declined)
	if len(declined.Units) != 1 || declined.Units[0].Reason != "own-facts" {
		c.t.Errorf("%+v", declined)
	}
	c.clock.set(today.Format(time.RFC3339))
}

// KSC-13: what was recorded is unreadable from its midnight, whoever kept a copy of the rows.
func TestTheAudioOfADisposedRecordingIsGoneWithItsKey(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.uploaded(id, 0, 3)
	recorded := c.end(id)
	var box []byte
	must(t, c.db.QueryRow(t.Context(), `SELECT box FROM audio WHERE at_byte = 0`).Scan(&box))
	if bytes.Contains(box, second(0)[:64]) {
		t.Error("the audio lies in the clear")
	}
	due := events.DueUnit{Unit: recorded.Unit, Rule: "KSC-13", Trigger: events.TriggerContactEnded, DueOn: "2025-09-05", DueAt: moment("2025-09-05T00:00:00+03:00"),
		PolicyVersion: recorded.PolicyVersion}
	c.fromTimer(events.TypeClockStarted, id, events.ClockStarted{Holder: events.Intake, Units: []events.ClockUnit{
		{Unit: due.Unit, Rule: due.Rule, Trigger: due.Trigger, DueOn: due.DueOn, DueAt: due.DueAt}}})
	c.clock.set("2025-09-04T23:59:59+03:00")
	if status, _ := c.play(id, "00:00:02", "complaint"); status != 200 {
		t.Errorf("the second before: %d", status)
	}
	c.clock.set("2025-09-05T00:00:00+03:00")
	if status, _ := c.play(id, "00:00:02", "complaint"); status != 410 {
		t.Errorf("at midnight: %d", status)
	}
	c.fromTimer(events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	var gone events.RecordDisposed
	c.next(events.TypeRecordDisposed, &gone)
	if len(gone.Units) != 1 || gone.Units[0].Unit != recorded.Unit || gone.Units[0].Records[0].Category != "contact.recording" {
		t.Errorf("%+v", gone)
	}
	if _, err := c.ring.Unit(t.Context(), keyring.UnitRef{Authority: te, ID: recorded.Unit}); !errors.Is(err, keyring.ErrDestroyed) {
		t.Errorf("the key: %v", err)
	}
	if rows := c.rows(); rows["audio"]+rows["recording"]+rows["contact"] != 0 {
		t.Errorf("left: %v", rows)
	}
	for _, path := range []string{"", "/audio"} {
		c.expect("410 gone", c.officer, "GET", "/v1/recordings/"+id+path, "complaint", "")
	}
	c.expect("410 gone", c.telephony, "POST", "/v1/recordings", "", startBody("c-1"))
	if said, _ := c.upload(id, 3000, 3, second(3)); said != "410 gone" {
		t.Errorf("audio that comes late: %s", said)
	}
	c.expect("410 gone", c.officer, "POST", "/v1/recordings/"+id+"/extension", "", `{"reason":"complaint","until":"2025-12-31"}`)
	c.expect("410 gone", c.officer, "POST", "/v1/complaints", "", fmt.Sprintf(`{"recording":%q,"reason":"too late"}`, id))
}

func TestNothingPersonalOfARecordingLiesInADatabaseOrAnEventInTheClear(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("call-of-aili")
	c.uploaded(id, 0, 1)
	c.end(id)
	c.expect("201", c.officer, "POST", "/v1/complaints", "complaint", fmt.Sprintf(`{"recording":%q,"reason":"canary-complaint"}`, id))
	conn, err := c.db.Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	for _, name := range tables(t, c.db) {
		var all bytes.Buffer
		_, err := conn.Conn().PgConn().CopyTo(t.Context(), &all, "COPY (SELECT * FROM "+name+") TO STDOUT (FORMAT binary)")
		must(t, err)
		for _, needle := range []string{"Kanarie", "050105A916V", "call-of-aili", "canary", string(second(0)[:100])} {
			if bytes.Contains(all.Bytes(), []byte(needle)) {
				t.Errorf("%q lies in %s", needle[:4], name)
			}
		}
	}
}

// AFG-08, AFG-10: whatever is kept of a recorded call, of a complaint about it and of a group is unknown to whoever is not
// appointed, once its person is protected; the telephony system goes on with what it began.
func TestTheRecordsOfAProtectedPersonAreUnknownToTheUnappointed(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.uploaded(id, 0, 1)
	complaint := c.complaint(id)
	participant, joined := c.joined(c.group(jobClub), "Aili Kanariefjorton", "050105A916V")
	person := uuid.New()
	for _, contact := range []uuid.UUID{uuid.MustParse(id), uuid.MustParse(complaint), joined.Participant} {
		c.from("case", events.TypeContactLinked, contact.String(), events.ContactLinked{Contact: contact, Person: person})
	}
	paths := map[string]string{"/v1/recordings/" + id: "/v1/recordings/", "/v1/recordings/" + id + "/audio": "", "/v1/complaints/" + complaint: "", participant: ""}
	for path := range paths {
		c.expect("200", c.officer, "GET", path, purposeOf(path), "")
	}
	c.from("case", events.TypeProtectionMarked, person.String(), events.ProtectionMarked{Person: person})
	appointed := c.officer
	appointed.Roles, appointed.Appointed = []string{"protected-officer"}, true
	for path := range paths {
		hidden, one := c.ask(c.officer, "GET", path, purposeOf(path), nil, nil)
		unknown, other := c.ask(c.officer, "GET", strings.NewReplacer(id, uuid.NewString(), complaint, uuid.NewString(), joined.Participant.String(), uuid.NewString()).Replace(path), purposeOf(path), nil, nil)
		if hidden.StatusCode != 404 || unknown.StatusCode != 404 || !bytes.Equal(one, other) || fmt.Sprint(keys(hidden.Header)) != fmt.Sprint(keys(unknown.Header)) {
			t.Errorf("%s: %d %s, unknown %d %s", path, hidden.StatusCode, one, unknown.StatusCode, other)
		}
		c.expect("200", appointed, "GET", path, purposeOf(path), "")
	}
	c.expect("404 not-found", c.officer, "POST", "/v1/recordings/"+id+"/extension", "", `{"reason":"complaint","until":"2025-12-31"}`)
	c.expect("404 not-found", c.officer, "POST", "/v1/complaints", "", complaintBody(id))
	c.expect("404 not-found", c.officer, "POST", "/v1/complaints/"+complaint+"/close", "", `{"reason":"answered"}`)
	c.expect("404 not-found", c.officer, "DELETE", participant, "case-handling", "")
	c.uploaded(id, 1, 2)
	c.end(id)
}

func purposeOf(path string) string {
	if strings.HasPrefix(path, "/v1/groups") {
		return "case-handling"
	}
	return "complaint"
}

func keys(h http.Header) (names []string) {
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
