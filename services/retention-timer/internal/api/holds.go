package api

import (
	"context"
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/store"
)

// mayHold are the roles that may place and release holds.
var mayHold = []string{"records-manager", "dpo", "archive-disclosure"}

// Holds is what is held, the earliest review first.
type Holds struct {
	Holds []store.Standing `json:"holds"`
}

func (a *API) holds(r *http.Request, caller bearer.Claims) (int, any, error) {
	standing, err := a.standing(r.Context(), caller.Authority)
	return http.StatusOK, standing, err
}

// standing are the holds of one authority or, for "", of all.
func (a *API) standing(ctx context.Context, authority string) (Holds, error) {
	holds, err := store.StandingHolds(ctx, a.DB, authority, a.Clock.Now())
	if holds == nil {
		holds = []store.Standing{}
	}
	return Holds{Holds: holds}, err
}

func (a *API) placeHold(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := allowed(caller, mayHold); err != nil {
		return 0, nil, err
	}
	var asked hold.Request
	if err := decode(r, small, &asked); err != nil {
		return 0, nil, err
	}
	placed, err := a.Holds.Place(r.Context(), caller.Authority, asked)
	return http.StatusCreated, placed, err
}

func (a *API) releaseHold(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := allowed(caller, mayHold); err != nil {
		return 0, nil, err
	}
	id, err := pathID(r, "id")
	if err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, a.Holds.Release(r.Context(), caller.Authority, id)
}
