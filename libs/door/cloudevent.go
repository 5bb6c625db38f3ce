package door

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/cloudevents/sdk-go/v2/event"

	"gallra.se/libs/problem"
)

// Type is the CloudEvent type of a line of a kind.
func Type(kind string) string { return typePrefix + kind + typeSuffix }

const (
	typePrefix = "se.gallra.input."
	typeSuffix = ".v1"
)

// structured takes the line out of a structured-mode CloudEvent.
func structured(body []byte) ([]byte, error) {
	var e event.Event
	if json.Unmarshal(body, &e) != nil {
		return nil, problem.New("not-json")
	}
	if e.Validate() != nil {
		return nil, problem.OnField("invalid-field", "cloudevent")
	}
	return line(e.Type(), e.Data())
}

// binary takes the line out of a binary-mode CloudEvent, whose attributes are headers.
func binary(h http.Header, body []byte) ([]byte, error) {
	for _, name := range []string{"Ce-Id", "Ce-Source", "Ce-Type"} {
		if h.Get(name) == "" {
			return nil, problem.OnField("missing-field", strings.ToLower(name))
		}
	}
	if h.Get("Ce-Specversion") != event.CloudEventsVersionV1 {
		return nil, problem.OnField("invalid-field", "ce-specversion")
	}
	return line(h.Get("Ce-Type"), body)
}

// line checks that the event's type is that of the line inside.
func line(eventType string, data []byte) ([]byte, error) {
	var said struct{ Kind string }
	_ = json.Unmarshal(data, &said) // what is no JSON the carrier refuses with its reason
	if !strings.HasPrefix(eventType, typePrefix) || said.Kind != "" && eventType != Type(said.Kind) {
		return nil, problem.New("unknown-kind")
	}
	return data, nil
}
