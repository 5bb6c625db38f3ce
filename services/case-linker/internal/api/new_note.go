package api

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// newNote is the body of POST /v1/cases/{id}/notes. Persons are called by opaque id or national number.
type newNote struct {
	At       string            `json:"at"`
	Text     string            `json:"text"`     // may be missing where there are segments
	Final    bool              `json:"final"`    // a finished official document
	Draft    bool              `json:"draft"`    // working material
	About    []string          `json:"about"`    // none: all persons of the case
	Segments map[string]string `json:"segments"` // what is about one person only
}

// writeNote answers POST /v1/cases/{id}/notes with 201 {note}. The author is who bears the token.
func (a *API) writeNote(w http.ResponseWriter, r *http.Request) {
	var said newNote
	id, err := a.body(w, r, &said)
	var taken casework.Taken
	if err == nil {
		taken, err = said.taken(a.Clock.Now())
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

// most is how many persons a note may name.
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
	return t, n.texts()
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
