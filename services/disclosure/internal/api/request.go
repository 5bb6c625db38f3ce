package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// request is the body of POST /v1/disclosures. ID is optional: the same id again is answered as the first time.
type request struct {
	ID         *uuid.UUID `json:"id"`
	Recipient  string     `json:"recipient"`
	Authority  string     `json:"authority"`
	NationalID string     `json:"nationalId"`
	Mode       string     `json:"mode"`
	Fields     []string   `json:"fields"`
	Purpose    string     `json:"purpose"`
	LawRef     string     `json:"lawRef"`
}

// What is kept of a request must not be able to hold a name or a number: codes and references only.
var (
	recipientForm = regexp.MustCompile(`^[\p{L}][\p{L}0-9 .&-]{0,63}$`)
	modeForm      = regexp.MustCompile(`^[a-z-]{1,32}$`)
	purposeForm   = regexp.MustCompile(`^[a-z-]{0,64}$`)
	lawForm       = regexp.MustCompile(`^([0-9]{4}:[0-9]{1,4}( ([0-9]{1,3}|[a-z]|kap\.|§§?|section))*)?$`)
	fieldForm     = regexp.MustCompile(`^[a-z][a-zA-Z0-9]{0,39}$`)
)

const maxFields = 100

func read(r *http.Request) (request, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return request{}, problem.New("unsupported-media-type")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return request{}, unread(err)
	}
	return decode(data)
}

func unread(err error) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return problem.New("too-large")
	}
	return problem.New("not-json")
}

func decode(data []byte) (request, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	var q request
	if err := dec.Decode(&q); err != nil {
		return request{}, undecoded(data, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return request{}, problem.New("not-json")
	}
	return q, q.check()
}

// undecoded tells broken JSON, a member that is unknown and a member of the wrong type apart.
func undecoded(data []byte, err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case !json.Valid(data):
		return problem.New("not-json")
	case errors.As(err, &wrong):
		return problem.OnField("invalid-field", wrong.Field)
	case strings.Contains(err.Error(), "unknown field"):
		return problem.New("unknown-field")
	}
	return problem.OnField("invalid-field", "id")
}

func (q request) check() error {
	for _, f := range []struct {
		name, value string
		form        *regexp.Regexp
	}{
		{"recipient", q.Recipient, recipientForm}, {"mode", q.Mode, modeForm},
		{"purpose", q.Purpose, purposeForm}, {"lawRef", q.LawRef, lawForm},
	} {
		if f.value == "" && f.name != "purpose" && f.name != "lawRef" {
			return problem.OnField("missing-field", f.name)
		}
		if !f.form.MatchString(f.value) {
			return problem.OnField("invalid-field", f.name)
		}
	}
	return q.checkFields()
}

func (q request) checkFields() error {
	if len(q.Fields) == 0 {
		return problem.OnField("missing-field", "fields")
	}
	if len(q.Fields) > maxFields {
		return problem.OnField("invalid-field", "fields")
	}
	for _, name := range q.Fields {
		if !fieldForm.MatchString(name) {
			return problem.OnField("invalid-field", "fields")
		}
	}
	return nil
}

// number reads the person's number as the pack's country writes it.
func (q request) number(p *policy.Pack, simulated bool) (nationalid.ID, error) {
	if q.NationalID == "" {
		return nationalid.ID{}, problem.OnField("missing-field", "nationalId")
	}
	id, err := nationalid.Parse(p.Country, q.NationalID)
	if err != nil || simulated && !id.IsTest() {
		return nationalid.ID{}, problem.OnField("invalid-national-id", "nationalId")
	}
	return id, nil
}
