package api

import (
	"net/http"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/mail"
)

// mailed judges an officer's mail and keeps it as a contact. It leaves by the authority's own mail system, when this has
// answered that it may.
func (a *API) mailed(w http.ResponseWriter, r *http.Request) {
	result, err := a.keepMail(w, r)
	if err == nil {
		err = result.Err
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if result.Duplicate {
		w.Header().Set(door.HeaderDuplicate, "true")
	}
	answer(w, http.StatusCreated, result.Answer)
}

func (a *API) keepMail(w http.ResponseWriter, r *http.Request) (result admission.Result, err error) {
	body, err := door.Body(w, r)
	if err != nil {
		return result, err
	}
	given, err := mail.Read(body)
	if err != nil {
		return result, err
	}
	caller, _ := bearer.From(r.Context())
	pack, known := a.Rules.Packs.Pack(caller.Authority)
	if !known {
		return result, problem.New("unknown-authority")
	}
	err = access.Decider{Packs: a.Rules.Packs}.Decide(caller, access.Question{Action: access.Write,
		Category: pack.Channels[mail.ChannelName].Category, Assigned: true, Purpose: access.PurposeOf(r)})
	if err != nil {
		return result, err
	}
	if err := given.Allowed(pack, a.Business.Now()); err != nil {
		return result, err
	}
	kept, err := a.Rules.Judge(given.Kept(pack), a.Business.Now())
	if err != nil {
		return result, err
	}
	return a.Desk.Submit(r.Context(), kept), nil
}
