package api

import (
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/libs/problem"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// consistency answers with the proof that the log of `to` leaves begins with the
// log of `from` leaves. Both are numbers of leaves that the newest checkpoint
// signs, from 1 on; without `to` it is that checkpoint's.
func (a *API) consistency(w http.ResponseWriter, r *http.Request) {
	size, _, err := store.Newest(r.Context(), a.DB)
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	from, to, err := sizes(r.URL.Query(), size)
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	if size < 1 || from > size || to > size {
		problem.Write(w, problem.New("not-found"))
		return
	}
	proof, err := tlog.ProveTree(to, from, store.NodesIn(r.Context(), a.DB))
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	w.Header().Set("Cache-Control", anew)
	if r.URL.Query().Has("to") {
		w.Header().Set("Cache-Control", forGood)
	}
	text(w, receipt.Consistency{From: from, To: to, Proof: proof}.Format())
}

func sizes(q url.Values, newest int64) (from, to int64, err error) {
	to = newest
	if !q.Has("from") {
		return 0, 0, problem.OnField("missing-field", "from")
	}
	for name, values := range q {
		into := map[string]*int64{"from": &from, "to": &to}[name]
		if into == nil {
			return 0, 0, problem.New("unknown-field")
		}
		if *into, err = strconv.ParseInt(values[0], 10, 64); err != nil || len(values) != 1 || *into < 1 {
			return 0, 0, problem.OnField("invalid-field", name)
		}
	}
	if from > to && q.Has("to") {
		return 0, 0, problem.OnField("invalid-field", "from")
	}
	return from, to, nil
}
