package intake_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
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
