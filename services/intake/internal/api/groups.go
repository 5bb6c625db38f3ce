package api

import (
	"net/http"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/group"
	"gallra.se/services/intake/internal/store"
)

// groups adds the routes of job-seeker groups.
func (a *API) groups(mux *http.ServeMux, v *bearer.Verifier) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /v1/groups":                                   a.createGroup,
		"GET /v1/groups/{id}":                               a.readGroup,
		"POST /v1/groups/{id}/end":                          a.endGroup,
		"POST /v1/groups/{id}/move":                         a.moveGroup,
		"POST /v1/groups/{id}/participants":                 a.joinGroup,
		"GET /v1/groups/{id}/participants/{participant}":    a.readParticipant,
		"DELETE /v1/groups/{id}/participants/{participant}": a.leaveGroup,
	} {
		mux.Handle(pattern, v.Middleware(handler))
	}
}

// keepsGroups is the authority of a caller who may see to its groups. Where no purpose is given, it is the first for which
// participants' data are processed.
func (a *API) keepsGroups(r *http.Request) (string, error) {
	caller, _ := bearer.From(r.Context())
	pack, ok := a.Rules.Packs.Pack(caller.Authority)
	if !ok {
		return "", problem.New("forbidden")
	}
	rules, ok := pack.Group()
	if !ok {
		return "", problem.New("unknown-channel")
	}
	purpose := access.PurposeOf(r)
	if known := access.Purposes(pack, rules.Category); purpose == "" && len(known) > 0 {
		purpose = known[0]
	}
	return caller.Authority, access.Decider{Packs: a.Rules.Packs}.Decide(caller, access.Question{Action: access.Write, Category: rules.Category, Assigned: true, Purpose: purpose})
}

// aboutGroup is keepsGroups with the group in the path and the body.
func (a *API) aboutGroup(w http.ResponseWriter, r *http.Request, into any) (authority string, id uuid.UUID, err error) {
	if authority, err = a.keepsGroups(r); err != nil {
		return authority, id, err
	}
	if id, err = idIn(r, "id"); err != nil || into == nil {
		return authority, id, err
	}
	return authority, id, bodyInto(w, r, into)
}

func (a *API) createGroup(w http.ResponseWriter, r *http.Request) {
	var said struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Start string `json:"start"`
		End   string `json:"end"`
	}
	authority, err := a.keepsGroups(r)
	if err == nil {
		err = bodyInto(w, r, &said)
	}
	var id uuid.UUID
	repeated := false
	if err == nil {
		id, repeated, err = a.Groups.Create(r.Context(), authority, group.Given(said))
	}
	a.answerOr(w, r, err, http.StatusCreated, repeated, map[string]uuid.UUID{"id": id})
}

func (a *API) readGroup(w http.ResponseWriter, r *http.Request) {
	authority, id, err := a.aboutGroup(w, r, nil)
	var seen group.Seen
	if err == nil {
		seen, err = a.Groups.Group(r.Context(), authority, id)
	}
	a.answerOr(w, r, err, http.StatusOK, false, seen)
}

// ending is the body that names a group's last day.
type ending struct {
	End string `json:"end"`
}

func (a *API) endGroup(w http.ResponseWriter, r *http.Request) {
	var said ending
	authority, id, err := a.aboutGroup(w, r, &said)
	if err == nil {
		err = a.Groups.End(r.Context(), authority, id, said.End)
	}
	a.answerOr(w, r, err, http.StatusOK, false, struct{}{})
}

func (a *API) moveGroup(w http.ResponseWriter, r *http.Request) {
	var said ending
	authority, id, err := a.aboutGroup(w, r, &said)
	if err == nil {
		err = a.Groups.Move(r.Context(), authority, id, said.End)
	}
	a.answerOr(w, r, err, http.StatusOK, false, struct{}{})
}

func (a *API) joinGroup(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Person map[string]string `json:"person"`
		Fields map[string]string `json:"fields"`
		At     string            `json:"at"`
	}
	authority, id, err := a.aboutGroup(w, r, &said)
	var joined group.Participation
	repeated := false
	if err == nil {
		joined, repeated, err = a.Groups.Join(r.Context(), authority, id, group.Joining(said))
	}
	a.answerOr(w, r, err, http.StatusCreated, repeated, joined)
}

// openedParticipant is the record of somebody who took part in the group of the path.
func (a *API) openedParticipant(r *http.Request, action access.Action) (store.Holding, contact.Record, error) {
	of, err := idIn(r, "id")
	if err != nil {
		return store.Holding{}, contact.Record{}, err
	}
	held, record, err := a.openedTo(r, action, r.PathValue("participant"))
	if err == nil {
		caller, _ := bearer.From(r.Context())
		err = a.Groups.TakesPart(r.Context(), caller.Authority, of, held.ID)
	}
	return held, record, err
}

func (a *API) readParticipant(w http.ResponseWriter, r *http.Request) {
	held, record, err := a.openedParticipant(r, access.Read)
	a.answerOr(w, r, err, http.StatusOK, false, readingOf(held, record))
}

func (a *API) leaveGroup(w http.ResponseWriter, r *http.Request) {
	authority, id, err := a.aboutGroup(w, r, nil)
	var held store.Holding
	if err == nil {
		held, _, err = a.openedParticipant(r, access.Write)
	}
	if err == nil {
		err = a.Groups.Leave(r.Context(), authority, id, held.ID)
	}
	a.answerOr(w, r, err, http.StatusOK, false, struct{}{})
}
