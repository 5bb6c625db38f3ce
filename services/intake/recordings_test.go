package intake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/seal"
)

const te = "te-customer-service"

// centre is the customer service centre's world, with its telephony system and an officer.
type centre struct {
	*world
	telephony, officer bearer.Claims
}

func newCentre(t testing.TB) *centre {
	c := &centre{world: newWorld(t), telephony: bearer.Claims{Authority: te, Name: "telephony", Roles: []string{"channel"}},
		officer: bearer.Claims{Authority: te, Name: "noora", Roles: []string{"case-officer"}, Undertaking: true, Trained: true}}
	c.clock.set("2025-03-04T10:00:00+02:00")
	return c
}

// ask sends a request as somebody; the answer's body is raw.
func (c *centre) ask(who bearer.Claims, method, path, purpose string, header map[string]string, body []byte) (*http.Response, []byte) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, bytes.NewReader(body))
	must(c.t, err)
	token, err := bearer.Sign(c.signer, who, clock.PaceNow(), time.Hour)
	must(c.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	if purpose != "" {
		request.Header.Set("Gallra-Purpose", purpose)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	must(c.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(c.t, err)
	return response, raw
}

// said is status and reason with rule or field of an answer, as "403 denied KSC-15", and its body.
func (c *centre) said(who bearer.Claims, method, path, purpose, body string) (string, map[string]any) {
	c.t.Helper()
	response, raw := c.ask(who, method, path, purpose, map[string]string{"Content-Type": "application/json"}, []byte(body))
	return summary(response.StatusCode, raw)
}

func summary(status int, raw []byte) (string, map[string]any) {
	out, said := map[string]any{}, fmt.Sprint(status)
	_ = json.Unmarshal(raw, &out)
	for _, key := range []string{"reason", "rule", "field"} {
		if text, ok := out[key].(string); ok && status >= 400 {
			said += " " + text
		}
	}
	return said, out
}

func (c *centre) expect(want string, who bearer.Claims, method, path, purpose, body string) map[string]any {
	c.t.Helper()
	said, out := c.said(who, method, path, purpose, body)
	if said != want {
		c.t.Errorf("%s %s %s: %s, want %s", method, path, body, said, want)
	}
	return out
}

func (c *centre) tellCall(call string) {
	c.t.Helper()
	c.expect("200", c.telephony, "POST", "/v1/recordings/calls/"+call+"/notice", "", `{"line":"national","at":"2025-03-04T10:00:00+02:00"}`)
}

func startBody(call string) string {
	return fmt.Sprintf(`{"call":%q,"line":"national","at":"2025-03-04T10:00:00+02:00","person":{"name":"Aili Kanariefjorton","nationalId":"050105A916V","text":"canary-words"}}`, call)
}

// recording begins one and returns its id.
func (c *centre) recording(call string) string {
	c.t.Helper()
	c.tellCall(call)
	id, _ := c.expect("201", c.telephony, "POST", "/v1/recordings", "", startBody(call))["id"].(string)
	var started events.RecordingStarted
	c.next(events.TypeRecordingStarted, &started)
	return id
}

// end ends the call a quarter of an hour after it began.
func (c *centre) end(id string) events.ContactRecorded {
	c.t.Helper()
	c.clock.set("2025-03-04T10:15:00+02:00")
	c.expect("200", c.telephony, "POST", "/v1/recordings/"+id+"/stop", "", `{"at":"2025-03-04T10:15:00+02:00"}`)
	var stopped events.RecordingStopped
	c.next(events.TypeRecordingStopped, &stopped)
	return c.recorded()
}

// next passes the entries of the access log over.
func (c *centre) next(eventType string, into any) cloudevents.Event {
	c.t.Helper()
	for {
		select {
		case e := <-c.told:
			if e.Type() == events.TypeAccessLogged {
				continue
			}
			if e.Type() != eventType {
				c.t.Fatalf("told of %s, want %s", e.Type(), eventType)
			}
			must(c.t, json.Unmarshal(e.Data(), into))
			return e
		case <-clock.After(20 * time.Second):
			c.t.Fatalf("nothing told, want %s", eventType)
		}
	}
}

func (c *centre) recorded() (e events.ContactRecorded) {
	c.t.Helper()
	c.next(events.TypeContactRecorded, &e)
	return e
}

// second is a second of what a recorder makes: no two are alike.
func second(n int) []byte {
	return bytes.Repeat([]byte{byte(n), 0xff, byte(n >> 8), 0x7f}, 250)
}

// upload puts the audio of a second of the call where the byte is.
func (c *centre) upload(id string, at, n int, body []byte) (string, string) {
	c.t.Helper()
	sum := sha256.Sum256(body)
	response, raw := c.ask(c.telephony, "PUT", fmt.Sprintf("/v1/recordings/%s/audio?offset=%d", id, at), "", map[string]string{
		"Content-Type": "audio/basic", "Gallra-Sha256": hex.EncodeToString(sum[:]), "Gallra-From": fmt.Sprint(n * 1000), "Gallra-Until": fmt.Sprint((n + 1) * 1000)}, body)
	said, _ := summary(response.StatusCode, raw)
	return said, response.Header.Get("Gallra-Offset")
}

func (c *centre) uploaded(id string, from, to int) {
	c.t.Helper()
	for n := from; n < to; n++ {
		if said, next := c.upload(id, n*1000, n, second(n)); said != "200" || next != fmt.Sprint((n+1)*1000) {
			c.t.Fatalf("second %d: %s, next %s", n, said, next)
		}
	}
}

func (c *centre) play(id, offset, purpose string) (int, []byte) {
	c.t.Helper()
	path := "/v1/recordings/" + id + "/audio"
	if offset != "" {
		path += "?offset=" + offset
	}
	response, raw := c.ask(c.officer, "GET", path, purpose, nil, nil)
	return response.StatusCode, raw
}

// fromTimer publishes an event of retention-timer at the centre's authority.
func (c *centre) fromTimer(eventType, key string, data any) {
	c.t.Helper()
	c.from("retention", eventType, key, data)
}

func (c *centre) from(context, eventType, key string, data any) {
	c.t.Helper()
	e := cloudevents.New()
	e.SetID(uuid.NewString())
	e.SetSource("/gallra/" + te + "/test")
	e.SetType(eventType)
	e.SetTime(c.clock.Now())
	e.SetExtension("partitionkey", key)
	must(c.t, e.SetData(cloudevents.ApplicationJSON, data))
	raw, err := e.MarshalJSON()
	must(c.t, err)
	ack, err := c.js.Publish(c.t.Context(), fmt.Sprintf("ev.%s.%s.%d.%s", te, context, bus.Partition(key), strings.TrimPrefix(eventType, "se.gallra.")), raw)
	must(c.t, err)
	c.published[bus.StreamOf(context)] = ack.Sequence
	c.settle()
}

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

// KSC-16, KSC-09: no audio after the customer's stop, none after a transfer to a line that is never recorded.
func TestNoAudioIsKeptFromAfterTheCustomersStopOrATransfer(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]struct{ route, body, rule, because, flags string }{
		"stop":     {"/stop", `{"offset":"00:00:03","at":"2025-03-04T10:05:00+02:00","reason":"customer-request"}`, "KSC-16", events.StoppedByCustomer, "[written-procedure-offered]"},
		"transfer": {"/transfer", `{"offset":"00:00:03","at":"2025-03-04T10:05:00+02:00","line":"career-guidance"}`, "KSC-09", events.StoppedByTransfer, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCentre(t)
			c.t = t
			id := c.recording("c-1")
			c.uploaded(id, 0, 5) // two seconds more than was wished
			c.clock.set("2025-03-04T10:05:00+02:00")
			out := c.expect("200", c.telephony, "POST", "/v1/recordings/"+id+cut.route, "", cut.body)
			if fmt.Sprint(out["flags"], out["audioEndsMs"]) != cut.flags+" 3000" {
				t.Errorf("%v", out)
			}
			var stopped events.RecordingStopped
			c.next(events.TypeRecordingStopped, &stopped)
			if stopped.Because != cut.because || *stopped.AudioEndsMs != 3000 || stopped.WrittenOffered != (name == "stop") {
				t.Errorf("%+v", stopped)
			}
			if said, _ := c.upload(id, 3000, 3, second(3)); said != "403 denied "+cut.rule {
				t.Errorf("audio from after it: %s", said)
			}
			if said, _ := c.upload(id, 3000, 2, second(3)); said != "422 invalid-field Gallra-From" {
				t.Errorf("audio said to be from before: %s", said)
			}
			if status, audio := c.play(id, "00:00:02", "quality"); status != 200 || !bytes.Equal(audio, second(2)) {
				t.Errorf("up to it: %d, %d bytes", status, len(audio))
			}
			if status, _ := c.play(id, "00:00:03", "quality"); status != 404 {
				t.Errorf("from it on: %d", status)
			}
			if rows := c.rows(); rows["audio"] != 3 {
				t.Errorf("%d chunks are left", rows["audio"])
			}
			c.expect("200", c.telephony, "POST", "/v1/recordings/"+id+cut.route, "", cut.body)
			if recorded := c.end(id); recorded.EndedOn != "2025-03-04" {
				t.Errorf("%+v", recorded)
			}
		})
	}
}

func TestATransferToAnotherRecordedLineChangesNothing(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.clock.set("2025-03-04T10:05:00+02:00")
	out := c.expect("200", c.telephony, "POST", "/v1/recordings/"+id+"/transfer", "", `{"offset":"00:00:03","at":"2025-03-04T10:05:00+02:00","line":"authority-line"}`)
	if out["audioEndsMs"] != nil {
		t.Errorf("%v", out)
	}
	for body, want := range map[string]string{
		`{"offset":"00:00:03","at":"2025-03-04T10:05:00+02:00","line":"nowhere"}`:         "422 invalid-field line",
		`{"offset":"3","at":"2025-03-04T10:05:00+02:00","line":"career-guidance"}`:        "422 invalid-field offset",
		`{"offset":"01:00:00","at":"2025-03-04T10:05:00+02:00","line":"career-guidance"}`: "422 invalid-field offset", // the call has not come to it
		`{"offset":"00:00:03","at":"2025-03-04T11:05:00+02:00","line":"career-guidance"}`: "422 invalid-time at",
	} {
		c.expect(want, c.telephony, "POST", "/v1/recordings/"+id+"/transfer", "", body)
	}
	c.expect("403 forbidden", c.officer, "POST", "/v1/recordings/"+id+"/stop", "quality", `{"at":"2025-03-04T10:05:00+02:00"}`)
	c.expect("422 invalid-field reason", c.telephony, "POST", "/v1/recordings/"+id+"/stop", "", `{"at":"2025-03-04T10:05:00+02:00","reason":"boredom"}`)
	c.uploaded(id, 0, 5)
}

// An upload that breaks off is resumed where it ended, by another instance.
func TestAnUploadGoesOnWhereItBrokeOffAlsoOnAnotherInstance(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	c.uploaded(id, 0, 3)
	other := *c
	other.world = c.other()
	c.stop() // in the middle of the upload
	response, _ := other.ask(c.telephony, "HEAD", "/v1/recordings/"+id+"/audio", "", nil, nil)
	if response.StatusCode != 200 || response.Header.Get("Gallra-Offset") != "3000" {
		t.Fatalf("%d, next %q", response.StatusCode, response.Header.Get("Gallra-Offset"))
	}
	if said, next := other.upload(id, 2000, 2, second(2)); said != "200" || next != "3000" {
		t.Errorf("a chunk whose answer was lost: %s, next %s", said, next)
	}
	if said, _ := other.upload(id, 2000, 2, second(9)); said != "409 conflicting-duplicate offset" {
		t.Errorf("another chunk in its place: %s", said)
	}
	if said, next := other.upload(id, 4000, 4, second(4)); said != "409 conflict offset" || next != "3000" {
		t.Errorf("a gap: %s, next %s", said, next)
	}
	other.uploaded(id, 3, 6)
	var whole []byte
	for n := range 6 {
		whole = append(whole, second(n)...)
	}
	if status, audio := other.play(id, "", "complaint"); status != 200 || !bytes.Equal(audio, whole) {
		t.Errorf("%d, %d bytes", status, len(audio))
	}
	if status, audio := other.play(id, "00:00:04", "complaint"); status != 200 || !bytes.Equal(audio, whole[4000:]) {
		t.Errorf("from the fourth second: %d, %d bytes", status, len(audio))
	}
}

func TestTheSameChunkSentByManyAtOnceIsStoredOnce(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	answers := make([]string, 8)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() { answers[i], _ = c.upload(id, 0, 0, second(0)) })
	}
	group.Wait()
	for _, said := range answers {
		if said != "200" {
			t.Errorf("%v", answers)
		}
	}
	if rows := c.rows(); rows["audio"] != 1 {
		t.Errorf("%d chunks", rows["audio"])
	}
}

func TestAChunkThatIsNotWhatItSaysIsRefused(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	id := c.recording("c-1")
	body := second(0)
	sum := sha256.Sum256(body)
	good := map[string]string{"Content-Type": "audio/basic", "Gallra-Sha256": hex.EncodeToString(sum[:]), "Gallra-From": "0", "Gallra-Until": "1000"}
	for name, bad := range map[string]struct {
		path, header, value string
		body                []byte
		want                string
	}{
		"another body":         {id + "/audio?offset=0", "", "", second(1), "422 invalid-field Gallra-Sha256"},
		"half a body":          {id + "/audio?offset=0", "", "", body[:500], "422 invalid-field Gallra-Sha256"},
		"no body":              {id + "/audio?offset=0", "", "", nil, "422 missing-field body"},
		"a byte too many":      {id + "/audio?offset=0", "", "", make([]byte, 1<<20+1), "413 too-large"},
		"no offset":            {id + "/audio", "", "", body, "422 missing-field offset"},
		"a negative offset":    {id + "/audio?offset=-1", "", "", body, "422 invalid-field offset"},
		"no end":               {id + "/audio?offset=0", "Gallra-Until", "", body, "422 missing-field Gallra-Until"},
		"an end before":        {id + "/audio?offset=0", "Gallra-From", "1000", body, "422 invalid-field Gallra-Until"},
		"a day's end":          {id + "/audio?offset=0", "Gallra-Until", "86400000", body, "422 invalid-field Gallra-Until"},
		"a hash that is none":  {id + "/audio?offset=0", "Gallra-Sha256", "zz", body, "422 invalid-field Gallra-Sha256"},
		"no audio":             {id + "/audio?offset=0", "Content-Type", "text/html", body, "415 unsupported-media-type"},
		"an unknown recording": {uuid.NewString() + "/audio?offset=0", "", "", body, "404 not-found"},
		"no recording":         {"..%2F..%2Fetc/audio?offset=0", "", "", body, "404 not-found"},
	} {
		header := map[string]string{}
		for k, v := range good {
			header[k] = v
		}
		if bad.header != "" {
			header[bad.header] = bad.value
		}
		response, raw := c.ask(c.telephony, "PUT", "/v1/recordings/"+bad.path, "", header, bad.body)
		if said, _ := summary(response.StatusCode, raw); said != bad.want {
			t.Errorf("%s: %s, want %s", name, said, bad.want)
		}
	}
	if response, raw := c.ask(c.officer, "PUT", "/v1/recordings/"+id+"/audio?offset=0", "quality", good, body); response.StatusCode != 403 {
		t.Errorf("an officer uploads: %d %s", response.StatusCode, raw)
	}
	if rows := c.rows(); rows["audio"] != 0 {
		t.Errorf("%d chunks are stored", rows["audio"])
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
	dpo := c.officer
	dpo.Roles = []string{"dpo"}
	path := "/v1/recordings/" + id
	c.expect("403 forbidden KSC-29", dpo, "GET", path+"/audio", "rights", "")
	c.expect("403 denied KSC-29", dpo, "POST", path+"/listening", "rights", `{"place":"te-office","identityProven":false,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("403 denied KSC-29", dpo, "POST", path+"/listening", "rights", `{"place":"by-mail","identityProven":true,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("422 invalid-time at", dpo, "POST", path+"/listening", "rights", `{"place":"te-office","identityProven":true,"at":"2025-03-03T10:00:00+02:00"}`)
	c.expect("403 forbidden KSC-06", dpo, "POST", path+"/listening", "case-handling", `{"place":"te-office","identityProven":true,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("201", dpo, "POST", path+"/listening", "rights", `{"place":"te-office","identityProven":true,"at":"2025-03-05T10:00:00+02:00"}`)
	c.expect("403 forbidden KSC-29", dpo, "GET", path+"/audio", "rights", "")
	c.clock.set("2025-03-05T10:00:00+02:00")
	if response, raw := c.ask(dpo, "GET", path+"/audio", "rights", nil, nil); response.StatusCode != 200 || len(raw) != 2000 {
		t.Errorf("on its day: %d, %d bytes", response.StatusCode, len(raw))
	}
	c.clock.set("2025-03-06T10:00:00+02:00")
	c.expect("403 forbidden KSC-29", dpo, "GET", path+"/audio", "rights", "")
}

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
