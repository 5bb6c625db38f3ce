package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/ledger/internal/proving"
	"gallra.se/services/ledger/internal/store"
)

const (
	defaultLimit = 1000
	maxLimit     = 10_000
)

// everyAuthority is the role that sees the receipts of all authorities: leaves
// hold random ids and codes, and whoever runs the system must be able to check
// the whole log. Everyone else sees those of their own.
const everyAuthority = "operator"

// receipts answers with one JSON line {index, kind, record, receipt} for each
// leaf with an index above `after`, at most `limit`, or of one `record`.
func (a *API) receipts(w http.ResponseWriter, r *http.Request) {
	wanted, err := wantedBy(r.URL.Query())
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	caller, ok := bearer.From(r.Context())
	if !ok {
		problem.Write(w, problem.New("unauthorized"))
		return
	}
	if !caller.Has(everyAuthority) {
		wanted.Authority = caller.Authority
	}
	wanted.Open = !everything(caller)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	begun := false
	err = proving.Each(r.Context(), a.DB, wanted, func(p proving.Proven) error {
		if !begun {
			begun = true
			w.Header().Set("Content-Type", "application/x-ndjson")
		}
		return lines.Encode(p)
	})
	switch {
	case err == nil && !begun:
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.WriteHeader(http.StatusOK)
	case err != nil && !begun:
		problem.Write(w, problem.From(err))
	case err != nil:
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
}

func wantedBy(q url.Values) (store.Wanted, error) {
	w := store.Wanted{After: -1, Limit: defaultLimit}
	for name, values := range q {
		var err error
		switch name {
		case "after":
			w.After, err = strconv.ParseInt(values[0], 10, 64)
		case "limit":
			w.Limit, err = strconv.Atoi(values[0])
		case "record":
			var id uuid.UUID
			id, err = uuid.Parse(values[0])
			w.Record = &id
		default:
			return w, problem.New("unknown-field")
		}
		if err != nil || w.After < -1 || w.Limit < 1 || w.Limit > maxLimit {
			return w, problem.OnField("invalid-field", name)
		}
	}
	return w, nil
}
