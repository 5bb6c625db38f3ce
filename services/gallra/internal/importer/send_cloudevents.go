package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"gallra.se/services/gallra/internal/client"
)

// CloudEvents posts each line as an event: every other one in structured mode, the rest,
// and whatever is no JSON, in binary mode.
type CloudEvents struct{ Client *client.Client }

func (s CloudEvents) Send(ctx context.Context, line Line) (Verdict, error) {
	call := binary(line)
	if line.JSON && line.Number%2 == 0 {
		structured, err := structured(line)
		if err != nil {
			return Verdict{}, err
		}
		call = structured
	}
	answer, err := s.Client.Do(ctx, call)
	if err != nil {
		return Verdict{}, err
	}
	return verdictOf(answer)
}

// source is what an importing program calls itself.
const source = "/gallra/import"

func structured(line Line) (client.Call, error) {
	body, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": eventID(line), "source": source, "type": eventType(line),
		"datacontenttype": "application/json", "data": json.RawMessage(line.Raw),
	})
	if err != nil {
		return client.Call{}, fmt.Errorf("encode line %d as an event: %w", line.Number, err)
	}
	header := http.Header{"Content-Type": {"application/cloudevents+json"}}
	return client.Call{Authority: line.Authority, Method: http.MethodPost, Path: string(line.Route()), Header: header, Body: body}, nil
}

func binary(line Line) client.Call {
	header := client.JSON()
	header.Set("ce-specversion", "1.0")
	header.Set("ce-id", eventID(line))
	header.Set("ce-source", source)
	header.Set("ce-type", eventType(line))
	return client.Call{Authority: line.Authority, Method: http.MethodPost, Path: string(line.Route()), Header: header, Body: line.Raw}
}

func eventID(line Line) string {
	if looksLikeID(line.ID) {
		return line.ID
	}
	return fmt.Sprintf("line-%d", line.Number)
}

var kindForm = regexp.MustCompile(`^[a-z][a-z.-]{0,63}$`)

func eventType(line Line) string {
	kind := line.Kind
	if !kindForm.MatchString(kind) {
		kind = "unknown"
	}
	return "se.gallra.input." + kind + ".v1"
}
