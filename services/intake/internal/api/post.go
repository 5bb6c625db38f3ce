package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/line"
)

const (
	typeJSON       = "application/json"
	typeNDJSON     = "application/x-ndjson"
	typeStructured = "application/cloudevents+json"
)

// post takes a line as JSON, as a CloudEvent in structured or binary mode, or
// many as NDJSON.
func (a *API) post(w http.ResponseWriter, r *http.Request) {
	sender, ok := bearer.From(r.Context())
	if !ok {
		problem.Write(w, problem.New("unauthorized"))
		return
	}
	mediaType, err := mediaType(r.Header.Get("Content-Type"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if mediaType == typeNDJSON {
		a.stream(w, r, sender.Authority)
		return
	}
	raw, err := lineOf(w, r, mediaType)
	if err != nil {
		a.fail(w, r, a.counted(admission.Result{Err: err}).Err)
		return
	}
	a.reply(w, r, a.take(r.Context(), raw, sender.Authority))
}

func (a *API) reply(w http.ResponseWriter, r *http.Request, result admission.Result) {
	if result.Err != nil {
		a.fail(w, r, result.Err)
		return
	}
	if result.Duplicate {
		w.Header().Set(DuplicateHeader, "true")
	}
	answer(w, http.StatusCreated, result.Answer)
}

// lineOf reads the line that the body is or holds.
func lineOf(w http.ResponseWriter, r *http.Request, mediaType string) ([]byte, error) {
	limit := int64(line.MaxSize)
	if mediaType == typeStructured {
		limit += envelope
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, problem.New("too-large")
	}
	if err != nil {
		return nil, problem.New("not-json") // the sender broke off
	}
	switch {
	case mediaType == typeStructured:
		return structured(body)
	case r.Header.Get("ce-specversion") != "":
		return binary(r.Header, body)
	}
	return body, nil
}

func mediaType(header string) (string, error) {
	parsed, params, err := mime.ParseMediaType(header)
	charset := params["charset"]
	known := parsed == typeJSON || parsed == typeNDJSON || parsed == typeStructured
	if err != nil || !known || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return "", problem.New("unsupported-media-type")
	}
	return parsed, nil
}
