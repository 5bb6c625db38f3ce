package api

import (
	"encoding/json"
	"net/http"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"

	"gallra.se/libs/problem"
)

// envelope is what the attributes of a structured event may take beside its line.
const envelope = 64 << 10

const inputType = "se.gallra.input."

// structured takes the line out of a CloudEvent in structured mode. The line's
// own bytes are judged, not what a parser made of them.
func structured(body []byte) ([]byte, error) {
	var event cloudevents.Event
	if err := event.UnmarshalJSON(body); err != nil {
		// A sound event with unsound data is the line's fault, and it says so itself.
		var holder struct{ Data json.RawMessage }
		if json.Unmarshal(body, &holder) != nil || holder.Data == nil {
			return nil, problem.New("not-json")
		}
		return nil, problem.New("invalid-field")
	}
	if err := event.Validate(); err != nil {
		return nil, problem.New("invalid-field")
	}
	if !strings.HasPrefix(event.Type(), inputType) {
		return nil, problem.New("unknown-kind")
	}
	if media := event.DataContentType(); media != "" && media != typeJSON {
		return nil, problem.New("unsupported-media-type")
	}
	return event.Data(), nil
}

// binary checks the attributes of a CloudEvent in binary mode; the body is the
// line.
func binary(header http.Header, body []byte) ([]byte, error) {
	if header.Get("ce-specversion") != "1.0" {
		return nil, problem.OnField("invalid-field", "specversion")
	}
	for _, name := range []string{"id", "source", "type"} {
		if header.Get("ce-"+name) == "" {
			return nil, problem.OnField("missing-field", name)
		}
	}
	if !strings.HasPrefix(header.Get("ce-type"), inputType) {
		return nil, problem.New("unknown-kind")
	}
	return body, nil
}
