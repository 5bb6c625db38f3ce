package intake_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/seal"
)

// KSC-08, KSC-10, KSC-11, KSC-13, KSC-15, KSC-19
func TestACallIsRecordedAfterItsNoticeAndIsAContactWhenItEnds(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	c.tellCall("c-1")
	begun := c.expect("201", c.telephony, "POST", "/v1/recordings", "", startBody("c-1"))
	id, _ := begun["id"].(string)
	if begun["record"] != id || begun["noticeVersion"] == "" || begun["noticeUrl"] == "" || fmt.Sprint(begun["stored"], begun["dropped"]) != "[name nationalId] [text]" {
		t.Errorf("%v", begun)
	}
	var started events.RecordingStarted
	e := c.next(events.TypeRecordingStarted, &started)
	plain, err := seal.Open(c.linkerKey, events.RecordedAAD(te, started.Contact), started.Sealed)
	must(t, err)
	if string(plain) != `{"nationalId":"050105A916V"}` {
		t.Errorf("sealed to case-linker: %s", plain)
	}
	if started.Contact.String() != id || started.Line != "national" || started.ToldAt.After(started.StartedAt) || e.Extensions()["partitionkey"] != id {
		t.Errorf("%+v", started)
	}
	seen := c.expect("200", c.officer, "GET", "/v1/recordings/"+id, "complaint", "")
	if seen["endedAt"] != nil || seen["due"] != nil || fmt.Sprint(seen["fields"]) != "map[name:Aili Kanariefjorton nationalId:050105A916V]" {
		t.Errorf("while it goes on: %v", seen)
	}
	recorded := c.end(id)
	if recorded.Contact.String() != id || recorded.Category != "contact.recording" || recorded.EndedOn != "2025-03-04" || !recorded.Identified {
		t.Errorf("%+v", recorded)
	}
	if seen := c.expect("200", c.officer, "GET", "/v1/recordings/"+id, "quality", ""); seen["endedAt"] != "2025-03-04T08:15:00Z" {
		t.Errorf("when it has ended: %v", seen)
	}
	if rows := c.rows(); rows["recording"] != 1 || rows["call_notice"] != 0 || rows["contact"] != 1 {
		t.Errorf("%v", rows)
	}
	c.expect("200", c.telephony, "POST", "/v1/recordings/"+id+"/stop", "", `{"at":"2025-03-04T10:15:00+02:00"}`)
	c.expect("409 conflict", c.telephony, "POST", "/v1/recordings/"+id+"/stop", "", `{"at":"2025-03-04T10:14:00+02:00"}`)
}

// KSC-09, KSC-15
func TestWhatMayNotBeRecordedLeavesNothing(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	c.tellCall("told")
	c.expect("200", c.telephony, "POST", "/v1/recordings/calls/guidance/notice", "", `{"line":"career-guidance","at":"2025-03-04T10:00:00+02:00"}`)
	before := c.rows()
	for body, want := range map[string]string{
		startBody("unannounced"): "403 denied KSC-15",
		strings.Replace(startBody("told"), "10:00:00", "09:59:59", 1):                "403 denied KSC-15",
		strings.Replace(startBody("guidance"), "national\"", "career-guidance\"", 1): "403 denied KSC-09",
		strings.Replace(startBody("told"), "national\"", "nowhere\"", 1):             "422 invalid-field line",
		strings.Replace(startBody("told"), "050105A916V", "050105A916X", 1):          "422 invalid-national-id nationalId",
		strings.Replace(startBody("told"), "050105A916V", "131052-308T", 1):          "422 invalid-national-id nationalId", // no test number
		strings.Replace(startBody("told"), "Aili", "Ai\\u0000li", 1):                 "422 invalid-text name",
		strings.Replace(startBody("told"), `"text"`, `"shoeSize"`, 1):                "422 unknown-field shoeSize",
		strings.Replace(startBody("told"), `"call"`, `"caller"`, 1):                  "422 unknown-field caller",
		strings.Replace(startBody("told"), "10:00:00", "11:00:00", 1):                "422 invalid-time at",
		strings.Replace(startBody("told"), `{"name"`, `["name"`, 1):                  "422 invalid-field person",
		`{}`: "422 missing-field call",
	} {
		c.expect(want, c.telephony, "POST", "/v1/recordings", "", body)
	}
	c.expect("403 forbidden", c.officer, "POST", "/v1/recordings", "quality", startBody("told"))
	c.expect("403 forbidden", c.officer, "POST", "/v1/recordings/calls/told/notice", "quality", `{"line":"national","at":"2025-03-04T10:00:00+02:00"}`)
	c.expect("422 invalid-field line", c.telephony, "POST", "/v1/recordings/calls/x/notice", "", `{"line":"x","at":"2025-03-04T10:00:00+02:00"}`)
	elsewhere := c.telephony
	elsewhere.Authority = af
	c.expect("422 unknown-channel", elsewhere, "POST", "/v1/recordings", "", startBody("told"))
	if after := c.rows(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("left behind: %v, before %v", after, before)
	}
}

func TestTheSameCallIsRecordedOnceWhoeverTellsOfIt(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	c.tellCall("c-1")
	ids := make([]string, 8)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			_, out := c.said(c.telephony, "POST", "/v1/recordings", "", startBody("c-1"))
			ids[i], _ = out["id"].(string)
		})
	}
	group.Wait()
	if slices.Sort(ids); ids[0] == "" || ids[0] != ids[7] {
		t.Fatalf("%v", ids)
	}
	response, _ := c.ask(c.telephony, "POST", "/v1/recordings", "", map[string]string{"Content-Type": "application/json"}, []byte(startBody("c-1")))
	if response.StatusCode != 201 || response.Header.Get("Gallra-Duplicate") != "true" {
		t.Errorf("again: %d", response.StatusCode)
	}
	c.expect("409 conflicting-duplicate", c.telephony, "POST", "/v1/recordings", "", strings.Replace(startBody("c-1"), "Aili", "Eero", 1))
	if rows := c.rows(); rows["recording"] != 1 || rows["contact"] != 1 || rows["key_unit"]-rows["contact"] > 7 {
		t.Errorf("%v", rows)
	}
}

// KSC-06, KSC-07, KSC-24, KSC-25, KSC-29
func TestARecordingIsPlayedForAComplaintOrQualityOnly(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.uploaded(id, 0, 2)
	path := "/v1/recordings/" + id + "/audio"
	stranger, unsworn, guest := c.officer, c.officer, c.officer
	stranger.Authority, unsworn.Undertaking, guest.Roles = "te-services", false, []string{"analyst"}
	for name, p := range map[string]struct {
		who           bearer.Claims
		purpose, want string
	}{
		"for a complaint":         {c.officer, "complaint", "200"},
		"for quality":             {c.officer, "quality", "200"},
		"for a case":              {c.officer, "case-handling", "403 forbidden KSC-06"},
		"for curiosity":           {c.officer, "curiosity", "403 forbidden KSC-06"},
		"for nothing":             {c.officer, "", "403 forbidden KSC-06"},
		"without an undertaking":  {unsworn, "complaint", "403 forbidden KSC-24"},
		"by somebody else's role": {guest, "complaint", "403 forbidden L-05"},
		"by the telephony system": {c.telephony, "complaint", "403 forbidden KSC-24"},
		"by another authority":    {stranger, "complaint", "404 not-found"},
	} {
		response, raw := c.ask(p.who, "GET", path, p.purpose, nil, nil)
		said, _ := summary(response.StatusCode, raw)
		if said != p.want {
			t.Errorf("%s: %s, want %s", name, said, p.want)
		}
		if response.StatusCode == 200 && (!bytes.Equal(raw, append(second(0), second(1)...)) || response.Header.Get("Cache-Control") != "no-store" ||
			response.Header.Get("Content-Type") != "audio/basic") {
			t.Errorf("%s: %d bytes, %v", name, len(raw), response.Header)
		}
	}
	c.expect("422 invalid-field offset", c.officer, "GET", path+"?offset=2", "quality", "")
	c.expect("404 not-found", c.officer, "GET", "/v1/recordings/"+uuid.NewString()+"/audio", "quality", "")
}

// KSC-29
func TestACustomerListensAtAnOfficeByAppointment(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.uploaded(id, 0, 2)
	c.end(id)
	path := "/v1/recordings/" + id
	c.expect("403 forbidden KSC-29", c.officer, "GET", path+"/audio", "rights", "")
	c.expect("403 denied KSC-29", c.officer, "POST", path+"/listening", "rights", `{"place":"te-office","identityProven":false,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("403 denied KSC-29", c.officer, "POST", path+"/listening", "rights", `{"place":"by-mail","identityProven":true,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("422 invalid-time at", c.officer, "POST", path+"/listening", "rights", `{"place":"te-office","identityProven":true,"at":"2025-03-03T10:00:00+02:00"}`)
	c.expect("403 forbidden KSC-06", c.officer, "POST", path+"/listening", "case-handling", `{"place":"te-office","identityProven":true,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("201", c.officer, "POST", path+"/listening", "rights", `{"place":"te-office","identityProven":true,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("403 forbidden KSC-29", c.officer, "GET", path+"/audio", "rights", "")
	c.clock.set("2025-03-05T10:00:00+02:00")
	if response, raw := c.ask(c.officer, "GET", path+"/audio", "rights", nil, nil); response.StatusCode != 200 || len(raw) != 2000 {
		t.Errorf("on its day: %d, %d bytes", response.StatusCode, len(raw))
	}
	c.clock.set("2025-03-06T10:00:00+02:00")
	c.expect("403 forbidden KSC-29", c.officer, "GET", path+"/audio", "rights", "")
}

func TestACallThatNobodyEndsEndsAfterTwelveHours(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.tellCall("never-recorded")
	c.clock.set("2025-03-04T22:00:00+02:00")
	c.tellCall("another") // wakes whoever looks; the notice is of twelve hours ago, too
	var stopped events.RecordingStopped
	c.next(events.TypeRecordingStopped, &stopped)
	if stopped.Because != events.StoppedByTime || !stopped.StoppedAt.Equal(moment("2025-03-04T22:00:00+02:00")) {
		t.Errorf("%+v", stopped)
	}
	if recorded := c.recorded(); recorded.Contact.String() != id || recorded.EndedOn != "2025-03-04" {
		t.Errorf("%+v", recorded)
	}
	c.settle()
	if rows := c.rows(); rows["call_notice"] != 0 {
		t.Errorf("%d notices are kept", rows["call_notice"])
	}
	c.expect("409 conflict", c.telephony, "POST", "/v1/recordings/"+id+"/stop", "", `{"at":"2025-03-04T21:00:00+02:00"}`)
}
