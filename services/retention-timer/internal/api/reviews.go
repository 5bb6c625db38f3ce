package api

import (
	"context"
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/review"
)

// mayApprove are the roles that may let a disposal list go.
var mayApprove = []string{"records-manager"}

// Reviews are the lists that wait for approval.
type Reviews struct {
	Reviews []review.List `json:"reviews"`
}

func (a *API) reviews(r *http.Request, caller bearer.Claims) (int, any, error) {
	lists, err := a.lists(r.Context(), caller.Authority)
	return http.StatusOK, lists, err
}

// lists are those of one authority or, for "", of all.
func (a *API) lists(ctx context.Context, authority string) (Reviews, error) {
	lists, err := a.Review.Lists(ctx, authority)
	return Reviews{Reviews: lists}, err
}

func (a *API) approve(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := allowed(caller, mayApprove); err != nil {
		return 0, nil, err
	}
	var asked review.Approval
	if err := decode(r, small, &asked); err != nil {
		return 0, nil, err
	}
	units, err := a.Review.Approve(r.Context(), caller.Authority, asked)
	return http.StatusOK, map[string]int{"units": units}, err
}
