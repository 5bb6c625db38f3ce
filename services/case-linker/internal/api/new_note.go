package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// newNote is the body of POST /v1/cases/{id}/notes. Persons are called by opaque id or national number.
type newNote struct {
	At         string                    `json:"at"`
	Text       string                    `json:"text"`       // may be missing where there are segments
	Final      bool                      `json:"final"`      // a finished official document
	Draft      bool                      `json:"draft"`      // working material
	About      []string                  `json:"about"`      // none: all persons of the case
	Segments   map[string]string         `json:"segments"`   // what is about one person only
	Relevance  string                    `json:"relevance"`  // the code of why it matters in the case (AFC-08)
	ReceivedOn string                    `json:"receivedOn"` // the day on which a document came in
	Fields     map[string]jsontext.Value `json:"fields"`     // about the one person that the note is about
	Necessity  *necessity                `json:"necessity"`  // for sensitive fields and those about third parties
	Relation   string                    `json:"relation"`   // of the third party: partner, child, close-person
}

// necessity says why data are needed that otherwise may not be there (L-07, L-29).
type necessity struct {
	Reason string `json:"reason"` // a code
}

// relevant is why a note matters where its author gave no other reason.
const relevant = "case-handling"

// writeNote answers POST /v1/cases/{id}/notes with 201 {note}. The author is who bears the token (L-17).
func (a *API) writeNote(w http.ResponseWriter, r *http.Request) {
	var said newNote
	id, err := a.body(w, r, &said)
	var taken casework.Taken
	if err == nil {
		taken, err = said.taken(a.Clock.Now())
	}
	if err == nil {
		err = a.mayWrite(r, id, taken.Category)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	claims, _ := bearer.From(r.Context())
	taken.Authority, taken.Case, taken.Author = claims.Authority, id, claims.Name
	note, err := a.Desk.WriteNote(r.Context(), taken)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusCreated, map[string]uuid.UUID{"note": note})
}

// most is how many persons, or fields, a note may name.
const most = 50

func (n newNote) taken(now time.Time) (casework.Taken, error) {
	t := casework.Taken{At: now.UTC(), Text: n.Text, Category: store.CategoryNote, About: n.About, Segments: n.Segments}
	if n.At != "" {
		at, err := time.Parse(time.RFC3339, n.At)
		if err != nil || at.After(now.Add(line.Skew)) {
			return t, problem.OnField("invalid-time", "at")
		}
		t.At = at.UTC()
	}
	switch {
	case n.Final && n.Draft:
		return t, problem.OnField("invalid-field", "draft")
	case n.Final:
		t.Category = store.CategoryDocument
	case n.Draft:
		t.Category = store.CategoryDraft
	}
	if err := n.texts(); err != nil {
		return t, err
	}
	var err error
	t.Written, err = n.written(t.At)
	return t, err
}

func (n newNote) texts() error {
	if n.Text != "" || len(n.Segments) == 0 {
		if err := line.CheckText("text", n.Text); err != nil {
			return err
		}
	}
	for _, about := range slices.Sorted(maps.Keys(n.Segments)) {
		if err := line.CheckText("segments", n.Segments[about]); err != nil {
			return err
		}
	}
	if len(n.About) > most || len(n.Segments) > most {
		return problem.OnField("too-large", "about")
	}
	return nil
}

// written is what the note says besides its text.
func (n newNote) written(at time.Time) (out casework.Written, err error) {
	out = casework.Written{Relevance: n.Relevance, ReceivedOn: n.ReceivedOn, Relation: n.Relation}
	if out.Relevance == "" {
		out.Relevance = relevant
	}
	if err := line.CheckCode("relevance", out.Relevance); err != nil {
		return out, err
	}
	if n.ReceivedOn != "" {
		on, err := calendar.ParseDate(n.ReceivedOn)
		if err != nil || on.Year < 1900 || on.After(calendar.DateOf(at, time.UTC).AddDays(1)) {
			return out, problem.OnField("invalid-time", "receivedOn")
		}
	}
	if n.Relation != "" {
		if err := line.CheckCode("relation", n.Relation); err != nil {
			return out, err
		}
	}
	if n.Necessity != nil {
		if err := line.CheckCode("necessity", n.Necessity.Reason); err != nil {
			return out, err
		}
		out.Necessity = n.Necessity.Reason
	}
	out.Fields, err = fieldsOf(n.Fields)
	return out, err
}

func fieldsOf(said map[string]jsontext.Value) (map[string]json.RawMessage, error) {
	if len(said) > most {
		return nil, problem.OnField("too-large", "fields")
	}
	var out map[string]json.RawMessage
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if err := line.CheckValue(name, said[name]); err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]json.RawMessage{}
		}
		out[name] = json.RawMessage(said[name])
	}
	return out, nil
}

// body reads a request about the case in the path.
func (a *API) body(w http.ResponseWriter, r *http.Request, into any) (id uuid.UUID, err error) {
	raw, err := door.Body(w, r)
	if err == nil {
		err = strict.Decode(raw, into)
	}
	if err != nil {
		return id, err
	}
	if id, err = uuid.Parse(r.PathValue("id")); err != nil {
		return id, problem.New("not-found")
	}
	return id, nil
}
