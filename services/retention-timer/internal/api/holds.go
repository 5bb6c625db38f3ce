package api

import (
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/hold"
)

// mayHold are the roles that may place and release holds.
var mayHold = []string{"records-manager", "dpo", "archive-disclosure"}

func holder(caller bearer.Claims) error {
	for _, role := range mayHold {
		if caller.Has(role) {
			return nil
		}
	}
	return problem.New("forbidden")
}

func (a *API) placeHold(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := holder(caller); err != nil {
		return 0, nil, err
	}
	var asked hold.Request
	if err := decode(r, &asked); err != nil {
		return 0, nil, err
	}
	placed, err := a.Holds.Place(r.Context(), caller.Authority, asked)
	return http.StatusCreated, placed, err
}

func (a *API) releaseHold(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := holder(caller); err != nil {
		return 0, nil, err
	}
	id, err := pathID(r, "id")
	if err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, a.Holds.Release(r.Context(), caller.Authority, id)
}
