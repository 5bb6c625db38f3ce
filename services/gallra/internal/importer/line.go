package importer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
)

// Line is one line of the journal with what can be read of its routing keys. Raw is
// handed in as it stands, be it JSON or not.
type Line struct {
	Number    int
	Raw       []byte
	ID        string
	Kind      string
	Authority string
	At        time.Time // zero when the line has no readable time
	JSON      bool
}

// Read takes a line apart as far as it goes. What cannot be read is left to the service
// to refuse.
func Read(number int, raw []byte) Line {
	line := Line{Number: number, Raw: raw, JSON: json.Valid(raw)}
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return line
	}
	line.ID, line.Kind, line.Authority = text(keys["id"]), text(keys["kind"]), text(keys["authority"])
	if at, err := time.Parse(time.RFC3339, text(keys["at"])); err == nil {
		line.At = at
	}
	return line
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// Route is the resource that a line goes to.
type Route string

const (
	Contacts Route = "/v1/contacts"
	Persons  Route = "/v1/persons"
	Cases    Route = "/v1/cases"
)

// Route sends registrations and cases to case-linker and all else to intake, which
// refuses what nobody knows.
func (l Line) Route() Route {
	switch {
	case strings.HasPrefix(l.Kind, "person."):
		return Persons
	case strings.HasPrefix(l.Kind, "case."):
		return Cases
	}
	return Contacts
}

// Lines calls take for each line of r; an empty line is passed over.
func Lines(r io.Reader, take func(Line) error) error {
	in := bufio.NewReaderSize(r, 1<<20)
	for number := 1; ; number++ {
		raw, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if raw = bytes.TrimRight(raw, "\r\n"); len(bytes.TrimSpace(raw)) > 0 {
			if err := take(Read(number, raw)); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}
