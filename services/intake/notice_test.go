package intake_test

import (
	"fmt"
	"testing"
)

// AFC-30: whoever hands something in is told which notice it goes by, at every door.
func TestEveryDoorAnswersWithTheNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.set("2024-01-31T15:00:00+01:00")
	const at = `"at":"2024-01-31T10:00:00+01:00"`
	first := w.post(call)
	ce := map[string]string{"Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": "x", "ce-source": "/test", "ce-type": "se.gallra.input.contact.v1"}
	structured := `{"specversion":"1.0","id":"x","source":"/test","type":"se.gallra.input.contact.v1","datacontenttype":"application/json","data":` + call + `}`
	stream := w.stream(oneLine(call))
	for door, r := range map[string]reply{
		"a contact":           first,
		"a repeat":            w.post(call),
		"a stream":            {Body: stream[0]},
		"an event":            w.call("POST", "/v1/contacts", af, map[string]string{"Content-Type": "application/cloudevents+json"}, structured),
		"a binary event":      w.call("POST", "/v1/contacts", af, ce, call),
		"a request over NATS": w.request("in."+af+".contact", call),
		"a note":              w.call("POST", fmt.Sprintf("/v1/contacts/%v/note", first.Body["id"]), af, map[string]string{"Content-Type": "application/json"}, `{`+at+`,"case":"C-1","text":"x","relevant":true}`),
		"an irrelevant note":  w.call("POST", fmt.Sprintf("/v1/contacts/%v/note", first.Body["id"]), af, map[string]string{"Content-Type": "application/json"}, `{`+at+`,"relevant":false}`),
		"the chatbot":         w.dealt("channel", af, "POST", "/v1/chatbot/sessions/s1/ask", `{"text":"opening hours"}`),
		"a page view":         w.dealt("channel", af, "POST", "/v1/web/views", `{"page":"/jobs","cookies":"all",`+at+`}`),
		"a delivery":          w.dealt("channel", af, "POST", "/v1/feeds", `{"id":"f","source":"SE-SKV","person":{"nationalId":"199001012385"},"fields":{},`+at+`}`),
		"an invoice":          w.dealt("channel", af, "POST", "/v1/invoices", invoice),
		"a mailing":           w.dealt("case-officer", af, "POST", campaignPath, june),
		"an objection":        w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"199201252385"}`),
		"a processor":         w.dealt("records-manager", af, "POST", processorPath, activation("Refapp", "SE", true, false, "")),
		"mail":                w.dealt("case-officer", af, "POST", "/v1/mail", `{"id":"m","person":{"nationalId":"199001012385"},"encrypted":true,"about":"case","text":"x",`+at+`}`),
	} {
		if r.Body["noticeVersion"] != "2021-01-01" || r.Body["noticeUrl"] != "https://arbetsformedlingen.se/" {
			t.Errorf("%s: %d %v", door, r.Status, r.Body)
		}
	}
	w.dealt("channel", tek, "POST", "/v1/recordings/calls/c-1/notice", `{"line":"national",`+at+`}`)
	begun := w.dealt("channel", tek, "POST", "/v1/recordings", `{"call":"c-1","line":"national",`+at+`}`)
	if version, _ := begun.Body["noticeVersion"].(string); version == "" || begun.Body["noticeUrl"] == "" {
		t.Errorf("a recording: %d %v", begun.Status, begun.Body)
	}
}
