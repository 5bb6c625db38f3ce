// Package api is the ledger's HTTP interface. Receipts and the leaves themselves
// need a bearer token. The newest checkpoint, the public key, the log's hashes and
// proofs over them are for everyone: whoever is to check a receipt, or that
// nothing was taken out of the log, must get them.
package api

import (
	"io"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/ledger/internal/store"
)

// API reads the log and changes nothing.
type API struct {
	DB        *pgxpool.Pool
	Bearer    *bearer.Verifier
	PublicKey string
}

// Routes adds the ledger's routes to a mux.
func (a *API) Routes(mux *http.ServeMux) {
	mux.Handle("GET /v1/ledger/receipts", a.Bearer.Middleware(http.HandlerFunc(a.receipts)))
	mux.HandleFunc("GET /v1/ledger/checkpoint", a.checkpoint)
	mux.HandleFunc("GET /v1/ledger/key", a.key)
	mux.HandleFunc("GET /v1/ledger/consistency", a.consistency)
	mux.HandleFunc("GET /v1/ledger/tile/{level}/{number...}", a.tile)
	mux.Handle("GET /v1/ledger/tile/entries/{number...}", a.Bearer.Middleware(http.HandlerFunc(a.entries)))
}

// key answers with the verifier key in one line, `name+hash+key`.
func (a *API) key(w http.ResponseWriter, _ *http.Request) { text(w, a.PublicKey+"\n") }

// checkpoint answers with the newest signed note; 404 before the first leaf.
func (a *API) checkpoint(w http.ResponseWriter, r *http.Request) {
	_, note, err := store.Newest(r.Context(), a.DB)
	switch {
	case err != nil:
		problem.Write(w, problem.From(err))
	case note == "":
		problem.Write(w, problem.New("not-found"))
	default:
		w.Header().Set("Cache-Control", anew)
		text(w, note)
	}
}

func text(w http.ResponseWriter, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, s)
}
