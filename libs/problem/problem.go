// Package problem is how every service refuses: RFC 9457 problem documents over HTTP and NATS alike, with a reason
// that machines can count, the field or rule at fault, and never the refused content. It decides nothing.
package problem

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// ContentType of a problem document.
const ContentType = "application/problem+json"

// Problem is a refusal. Detail is public text: it must not echo what was sent.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Reason string `json:"reason"`
	Field  string `json:"field,omitempty"`
	Rule   string `json:"rule,omitempty"` // requirement id, such as AFG-47
	Detail string `json:"detail,omitempty"`

	RetryAfter time.Duration `json:"-"` // sent as a header, with unavailable
}

// New makes the problem of a reason; an unknown reason is a bug and reads as internal.
func New(reason string) Problem {
	known, ok := reasons[reason]
	if !ok {
		reason, known = Internal, reasons[Internal]
	}
	return Problem{Type: "urn:gallra:problem:" + reason, Title: known.title, Status: known.status, Reason: reason}
}

// OnField is the problem of a reason with the name of the field at fault.
func OnField(reason, field string) Problem {
	p := New(reason)
	p.Field = field
	return p
}

// ByRule is the problem of a reason that cites a requirement id.
func ByRule(reason, rule string) Problem {
	p := New(reason)
	p.Rule = rule
	return p
}

// Unavailable asks the caller to come back after d.
func Unavailable(d time.Duration) Problem {
	p := New(reasonUnavailable)
	p.RetryAfter = d
	return p
}

// Error is fit for a log: it never holds what was sent.
func (p Problem) Error() string {
	switch {
	case p.Field != "":
		return p.Reason + " (" + p.Field + ")"
	case p.Rule != "":
		return p.Reason + " (" + p.Rule + ")"
	}
	return p.Reason
}

// From finds the problem in err. Any other error is a fault, whose cause stays inside: the caller hears when to come again
// if it passes by itself, else `internal`.
func From(err error) Problem {
	var p Problem
	switch {
	case errors.As(err, &p):
		return p
	case passing(err):
		return Unavailable(comeBack)
	}
	return New(Internal)
}

// Refused says whether err is a refusal; otherwise it is a fault, to be logged and retried.
func Refused(err error) bool {
	var p Problem
	return errors.As(err, &p)
}

// JSON is the document.
func (p Problem) JSON() []byte {
	b, err := json.Marshal(p)
	if err != nil {
		panic("a problem is plain strings and numbers")
	}
	return b
}

// RetrySeconds is RetryAfter as the header Retry-After says it, rounded up.
func (p Problem) RetrySeconds() string {
	return strconv.Itoa(int((p.RetryAfter + time.Second - 1) / time.Second))
}

// Write answers an HTTP request with the document.
func Write(w http.ResponseWriter, p Problem) {
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", p.RetrySeconds())
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(p.JSON())
}
