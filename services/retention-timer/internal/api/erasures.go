package api

import (
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/erasure"
)

// mayErase are the roles that may order an erasure, and see the orders.
var mayErase = []string{"dpo", "records-manager"}

// Erasures are the orders to erase, the newest first.
type Erasures struct {
	Erasures []erasure.Order `json:"erasures"`
}

func (a *API) erasures(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := allowed(caller, mayErase); err != nil {
		return 0, nil, err
	}
	orders, err := a.Erasing.Orders(r.Context(), caller.Authority)
	return http.StatusOK, Erasures{Erasures: orders}, err
}

// orderErasure answers 201 for an order that is new and 200 for one that was taken before.
func (a *API) orderErasure(r *http.Request, caller bearer.Claims) (int, any, error) {
	if err := allowed(caller, mayErase); err != nil {
		return 0, nil, err
	}
	var asked erasure.Request
	if err := decodeOnce(r, small, &asked); err != nil {
		return 0, nil, err
	}
	order, again, err := a.Erasing.Order(r.Context(), caller.Authority, asked)
	if again {
		return http.StatusOK, order, err
	}
	return http.StatusCreated, order, err
}
