package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
)

// newNote answers POST /v1/cases/{id}/notes {at, text} with 201 {note}. The author is who bears the token.
func (a *API) newNote(w http.ResponseWriter, r *http.Request) {
	var said struct {
		At   string `json:"at"`
		Text string `json:"text"`
	}
	body, err := door.Body(w, r)
	if err == nil {
		err = strict.Decode(body, &said)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		a.fail(w, r, problem.New("not-found"))
		return
	}
	now := a.Clock.Now()
	at := now
	if said.At != "" {
		if at, err = time.Parse(time.RFC3339, said.At); err != nil || at.After(now.Add(line.Skew)) {
			a.fail(w, r, problem.OnField("invalid-time", "at"))
			return
		}
	}
	if err := line.CheckText("text", said.Text); err != nil {
		a.fail(w, r, err)
		return
	}
	claims, _ := bearer.From(r.Context())
	note, err := a.Desk.WriteNote(r.Context(), casework.Taken{Authority: claims.Authority, Case: id, At: at.UTC(), Text: said.Text, Author: claims.Name})
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusCreated, map[string]uuid.UUID{"note": note})
}
