package intake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
)

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
