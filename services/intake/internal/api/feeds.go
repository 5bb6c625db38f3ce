package api

import (
	"net/http"
	"slices"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/feed"
	"gallra.se/services/intake/internal/finance"
)

// dealings adds the doors for what comes from those whom the authority deals with: suppliers, readers of its mailings,
// processors.
func (a *API) dealings(mux *http.ServeMux, v *bearer.Verifier) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /v1/feeds":                       a.fed,
		"POST /v1/invoices":                    a.invoiced,
		"POST /v1/campaigns":                   a.sendCampaign,
		"POST /v1/campaigns/objections":        a.object,
		"DELETE /v1/campaigns/objections/{id}": a.withdrawObjection,
		"POST /v1/processors":                  a.activateProcessor,
		"GET /v1/processors":                   a.processors,
	} {
		mux.Handle(pattern, v.Middleware(handler))
	}
}

// called is a call of somebody who may make it, with its body and the caller's pack.
func (a *API) called(w http.ResponseWriter, r *http.Request, roles ...string) (body []byte, pack *policy.Pack, err error) {
	if pack, err = a.packOf(r, roles...); err != nil {
		return nil, nil, err
	}
	body, err = door.Body(w, r)
	return body, pack, err
}

// packOf is the pack of a caller who bears one of the roles.
func (a *API) packOf(r *http.Request, roles ...string) (*policy.Pack, error) {
	caller, ok := bearer.From(r.Context())
	if !ok {
		return nil, problem.New("unauthorized")
	}
	if !slices.ContainsFunc(roles, caller.Has) {
		return nil, problem.New("forbidden")
	}
	pack, known := a.Rules.Packs.Pack(caller.Authority)
	if !known {
		return nil, problem.New("unknown-authority")
	}
	return pack, nil
}

// fed takes in what a source of the closed list hands in (AFG-46).
func (a *API) fed(w http.ResponseWriter, r *http.Request) {
	body, pack, err := a.called(w, r, channelRole)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	given, err := feed.Read(body, pack.Authority)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	c, err := a.Rules.Judge(given, a.Business.Now())
	c.SourceID = contact.Feed + "\x00" + c.SourceID // its ids are not those of contact lines
	a.admit(w, r, c, err)
}

// invoiced takes an invoice in (AFG-22 to AFG-24).
func (a *API) invoiced(w http.ResponseWriter, r *http.Request) {
	body, pack, err := a.called(w, r, channelRole, "admin")
	if err != nil {
		a.fail(w, r, err)
		return
	}
	given, err := finance.Read(body)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	c, err := given.Judge(pack, a.Business.Now(), a.Rules.Simulated)
	a.admit(w, r, c, err)
}

// admit takes in what was judged, unless it was refused.
func (a *API) admit(w http.ResponseWriter, r *http.Request, c contact.Contact, refusal error) {
	result := admission.Result{Err: refusal}
	if refusal == nil {
		result = a.Desk.Submit(r.Context(), c)
	}
	if result.Err != nil {
		a.fail(w, r, result.Err)
		return
	}
	created(w, result.Answer, result.Duplicate)
}

// created answers 201, and whether it had been so before.
func created(w http.ResponseWriter, v any, duplicate bool) {
	if duplicate {
		w.Header().Set(door.HeaderDuplicate, "true")
	}
	answer(w, http.StatusCreated, v)
}
