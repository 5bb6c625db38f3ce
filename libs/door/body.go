package door

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"gallra.se/libs/problem"
)

// Media types that a door reads, all of them in UTF-8.
const (
	jsonType       = "application/json"
	streamType     = "application/x-ndjson"
	structuredType = "application/cloudevents+json"
)

// envelope is what the attributes of a structured event may take beside its line.
const envelope = 64 << 10

// Body reads a body of application/json of at most MaxLine, for routes beside the door.
func Body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if kind, err := mediaType(r.Header.Get("Content-Type")); err != nil || kind != jsonType {
		return nil, problem.New("unsupported-media-type")
	}
	return read(w, r, MaxLine)
}

// lineOf reads the line that a body is or holds.
func lineOf(w http.ResponseWriter, r *http.Request, kind string) ([]byte, error) {
	if kind == structuredType {
		body, err := read(w, r, MaxLine+envelope)
		if err != nil {
			return nil, err
		}
		return structured(body)
	}
	body, err := read(w, r, MaxLine)
	if err == nil && r.Header.Get("Ce-Specversion") != "" {
		body, err = binary(r.Header, body)
	}
	return body, err
}

func read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, problem.New("too-large")
	}
	if err != nil {
		return nil, problem.New("not-json") // the sender broke off
	}
	return body, nil
}

func mediaType(header string) (string, error) {
	kind, parameters, err := mime.ParseMediaType(header)
	charset, said := parameters["charset"]
	known := kind == jsonType || kind == streamType || kind == structuredType
	if err != nil || !known || said && !strings.EqualFold(charset, "utf-8") {
		return "", problem.New("unsupported-media-type")
	}
	return kind, nil
}
