package sim

import (
	"log/slog"
	"net/http"

	"gallra.se/libs/problem"
	"gallra.se/services/gallra/internal/needles"
)

// ScanPath is where a search is asked for.
const ScanPath = "/sim/scan"

// maxNeedles is room, in bytes, for every string of a whole journal.
const maxNeedles = 64 << 20

// Scan looks for strings in every file under Root. It never writes them anywhere, and
// answers with their places in the list and not with themselves.
type Scan struct {
	Root string
	Log  *slog.Logger
}

func (s Scan) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Needles []string `json:"needles"`
	}
	if !readUpTo(w, r, &ask, maxNeedles) {
		return
	}
	if len(ask.Needles) == 0 {
		problem.Write(w, problem.OnField("missing-field", "needles"))
		return
	}
	set, err := needles.Compile(ask.Needles)
	if err != nil {
		problem.Write(w, problem.OnField("invalid-field", "needles"))
		return
	}
	finds, err := set.ScanDir(r.Context(), s.Root)
	if err != nil {
		s.Log.WarnContext(r.Context(), "not searched", "error", err.Error())
		problem.Write(w, problem.New(problem.Internal))
		return
	}
	if finds == nil {
		finds = []needles.Find{}
	}
	answer(w, map[string]any{"finds": finds})
}
