// Package door is the way in for lines of the input contract, the same for every service that takes them: HTTP with one
// line or a stream of lines, CloudEvents over HTTP in structured and binary mode, and NATS request-reply.
//
// It reads, limits, counts and answers; what a line means is the Carrier's business. It echoes nothing that was sent.
package door

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// MaxLine is how many bytes a line, or a body that is one, may have.
const MaxLine = strict.MaxLine

// HeaderDuplicate marks the answer to a line that had been carried out before.
const HeaderDuplicate = "Gallra-Duplicate"

// Carrier carries out one line for the caller in ctx (bearer.From). It returns what the sender is answered, an object;
// whether the line had been carried out before; or a problem.
type Carrier func(ctx context.Context, raw []byte) (answer any, duplicate bool, err error)

// Outcome is what a Carrier returns.
type Outcome struct {
	Answer    any
	Duplicate bool
	Err       error
}

// Door lets lines in.
type Door struct {
	Carry Carrier
	// CarryMany, where set, carries out lines of a stream that have arrived together, and gives the outcome of each in
	// their order: of two with one id the first is the one that counts. Without it they are carried out one by one.
	CarryMany func(ctx context.Context, lines [][]byte) []Outcome
	// Count, where set, hears the outcome of every line that came: see Lines.
	Count func(outcome string)
	Log   *slog.Logger
}

// ServeHTTP takes a POST.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, err := mediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == streamType {
		d.stream(w, r)
		return
	}
	var raw []byte
	if err == nil {
		raw, err = lineOf(w, r, kind)
	}
	if err != nil {
		d.note(r.Context(), Outcome{Err: err})
		problem.Write(w, problem.From(err))
		return
	}
	d.answer(w, d.carry(r.Context(), raw))
}

// answer is 201 with the Carrier's answer; a repeat gets status and body of the first time, and HeaderDuplicate.
func (d *Door) answer(w http.ResponseWriter, o Outcome) {
	if o.Err != nil {
		problem.Write(w, problem.From(o.Err))
		return
	}
	if o.Duplicate {
		w.Header().Set(HeaderDuplicate, "true")
	}
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(o.Answer)
}
