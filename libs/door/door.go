// Package door is the way in for lines of the input contract, the same for every service that takes them: HTTP with one
// line or a stream of lines, CloudEvents over HTTP in structured and binary mode, and NATS request-reply.
//
// It reads, limits and answers; what a line means is the Carrier's business. It echoes nothing that was sent.
package door

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"

	"gallra.se/libs/problem"
)

// MaxLine is how many bytes a line, or a body that is one, may have.
const MaxLine = 1 << 20

// HeaderDuplicate marks the answer to a line that had been carried out before.
const HeaderDuplicate = "Gallra-Duplicate"

// Carrier carries out one line for the caller in ctx (bearer.From). It returns what the sender is answered, whether the
// line had been carried out before, or a problem.
type Carrier func(ctx context.Context, raw []byte) (answer any, duplicate bool, err error)

// Door lets lines in.
type Door struct {
	Carry Carrier
	// Parallel is how many lines of one stream are worked on at a time; answers keep the order of lines. 0 or 1 for lines
	// that depend on those before them.
	Parallel int
	Log      *slog.Logger
}

// Media types that a door reads.
const (
	jsonType       = "application/json"
	streamType     = "application/x-ndjson"
	structuredType = "application/cloudevents+json"
)

// ServeHTTP takes a POST.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		problem.Write(w, problem.New("unsupported-media-type"))
	case kind == streamType:
		d.stream(w, r)
	case kind == structuredType:
		d.one(w, r, structured)
	case kind == jsonType && r.Header.Get("Ce-Specversion") != "":
		d.one(w, r, func(body []byte) ([]byte, error) { return binary(r.Header, body) })
	case kind == jsonType:
		d.one(w, r, func(body []byte) ([]byte, error) { return body, nil })
	default:
		problem.Write(w, problem.New("unsupported-media-type"))
	}
}

// one answers a single line with 201; a repeat gets status and body of the first time, and HeaderDuplicate.
func (d *Door) one(w http.ResponseWriter, r *http.Request, unwrap func([]byte) ([]byte, error)) {
	body, err := read(w, r)
	if err == nil {
		body, err = unwrap(body)
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	answer, duplicate, err := d.Carry(r.Context(), body)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	if duplicate {
		w.Header().Set(HeaderDuplicate, "true")
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(answer)
}

func (d *Door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	d.fault(r.Context(), err)
	problem.Write(w, problem.From(err))
}

// fault logs what is not the sender's fault.
func (d *Door) fault(ctx context.Context, err error) {
	if !problem.Refused(err) {
		d.Log.ErrorContext(ctx, "line not carried out", "error", err.Error())
	}
}

func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxLine))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, problem.New("too-large")
	}
	if err != nil {
		return nil, problem.New("not-json")
	}
	return body, nil
}
