package sim

import (
	"encoding/json"
	"net/http"

	"gallra.se/libs/problem"
)

// maxAsk is far above the size of any question but a search, in bytes.
const maxAsk = 4 << 10

func read(w http.ResponseWriter, r *http.Request, v any) bool { return readUpTo(w, r, v, maxAsk) }

func readUpTo(w http.ResponseWriter, r *http.Request, v any, limit int64) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		problem.Write(w, problem.New("not-json"))
		return false
	}
	return true
}

func detailed(reason, detail string) problem.Problem {
	p := problem.New(reason)
	p.Detail = detail
	return p
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
