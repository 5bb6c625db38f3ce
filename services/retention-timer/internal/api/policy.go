package api

import (
	"context"
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/amend"
)

// mayAmend are the roles that may plan and activate a policy.
var mayAmend = []string{"records-manager", "dpo", "admin"}

// Policies are those of all authorities.
type Policies struct {
	Policies []amend.State `json:"policies"`
}

func (a *API) policy(r *http.Request, caller bearer.Claims) (int, any, error) {
	state, err := a.Amend.State(r.Context(), caller.Authority, true)
	return http.StatusOK, state, err
}

func (a *API) policies(ctx context.Context) (Policies, error) {
	all := Policies{Policies: []amend.State{}}
	for _, authority := range a.Policy.Authorities() {
		state, err := a.Amend.State(ctx, authority, true)
		if err != nil {
			return Policies{}, err
		}
		all.Policies = append(all.Policies, state)
	}
	return all, nil
}

type amendment struct {
	Files map[string]string `json:"files"` // of the whole pack, by name
	Plan  string            `json:"plan"`  // hash of the plan that the caller has seen
}

func (a *API) plan(r *http.Request, caller bearer.Claims) (int, any, error) {
	asked, err := amendmentOf(r, caller)
	if err != nil {
		return 0, nil, err
	}
	made, err := a.Amend.Plan(r.Context(), caller.Authority, asked.Files)
	return http.StatusOK, made, err
}

func (a *API) activate(r *http.Request, caller bearer.Claims) (int, any, error) {
	asked, err := amendmentOf(r, caller)
	if err != nil {
		return 0, nil, err
	}
	done, err := a.Amend.Activate(r.Context(), caller.Authority, asked.Files, asked.Plan)
	return http.StatusOK, done, err
}

func amendmentOf(r *http.Request, caller bearer.Claims) (asked amendment, err error) {
	if err := allowed(caller, mayAmend); err != nil {
		return amendment{}, err
	}
	err = decode(r, whole, &asked)
	return asked, err
}
