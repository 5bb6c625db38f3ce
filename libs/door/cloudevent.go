package door

import (
	"net/http"
	"strings"

	"github.com/cloudevents/sdk-go/v2/event"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Type is the CloudEvent type of a line of a kind.
func Type(kind string) string { return typePrefix + kind + typeSuffix }

const (
	typePrefix = "se.gallra.input."
	typeSuffix = ".v1"
)

// structured takes the line out of a structured-mode CloudEvent: its own bytes, not what a parser made of them.
func structured(body []byte) ([]byte, error) {
	members, ok := strict.Object(body)
	if !ok {
		return nil, problem.New("not-json")
	}
	var e event.Event
	if e.UnmarshalJSON(body) != nil || e.Validate() != nil {
		return nil, problem.OnField("invalid-field", "cloudevent")
	}
	if said := e.DataContentType(); said != "" {
		if kind, err := mediaType(said); err != nil || kind != jsonType {
			return nil, problem.New("unsupported-media-type")
		}
	}
	if data, plain := members["data"]; plain {
		return line(e.Type(), data)
	}
	return line(e.Type(), e.Data())
}

// binary takes the line out of a binary-mode CloudEvent, whose attributes are headers.
func binary(h http.Header, body []byte) ([]byte, error) {
	if h.Get("Ce-Specversion") != event.CloudEventsVersionV1 {
		return nil, problem.OnField("invalid-field", "ce-specversion")
	}
	for _, name := range []string{"ce-id", "ce-source", "ce-type"} {
		if h.Get(name) == "" {
			return nil, problem.OnField("missing-field", name)
		}
	}
	return line(h.Get("Ce-Type"), body)
}

// line checks that the event's type is that of the line inside. A line that cannot be read, or has no kind, is for the
// carrier to refuse.
func line(eventType string, data []byte) ([]byte, error) {
	if !strings.HasPrefix(eventType, typePrefix) {
		return nil, problem.New("unknown-kind")
	}
	members, _ := strict.Object(data)
	if kind, err := strict.Text(members["kind"]); err == nil && kind != "" && eventType != Type(kind) {
		return nil, problem.New("unknown-kind")
	}
	return data, nil
}
