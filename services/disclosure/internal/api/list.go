package api

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"

	"gallra.se/services/disclosure/internal/store"
)

const maxEntries = 1000

// list is the disclosure log of the caller's authority, oldest first: ?disclosure= ?person= ?recipient= ?limit=
func (a *API) list(w http.ResponseWriter, r *http.Request) {
	c, _ := bearer.From(r.Context())
	f, err := filter(r, c)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	entries, err := store.Log(r.Context(), a.DB, c.Authority, f)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"log": append([]store.Entry{}, entries...)})
}

func filter(r *http.Request, c bearer.Claims) (store.Filter, error) {
	q := r.URL.Query()
	f := store.Filter{Recipient: q.Get("recipient"), Limit: maxEntries, Appointed: access.Appointed(c)}
	if c.Has(recipientRole) {
		if f.Recipient != "" && f.Recipient != c.Name {
			return f, problem.New("forbidden")
		}
		f.Recipient = c.Name
	}
	for name, into := range map[string]**uuid.UUID{"disclosure": &f.Disclosure, "person": &f.Person} {
		if q.Get(name) == "" {
			continue
		}
		id, err := uuid.Parse(q.Get(name))
		if err != nil {
			return f, problem.OnField("invalid-field", name)
		}
		*into = &id
	}
	if q.Get("limit") != "" {
		n, err := strconv.Atoi(q.Get("limit"))
		if err != nil || n < 1 {
			return f, problem.OnField("invalid-field", "limit")
		}
		f.Limit = min(n, maxEntries)
	}
	return f, nil
}
