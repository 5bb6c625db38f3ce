package assembly

import (
	"io"
	"net/http"
	"time"

	"gallra.se/libs/problem"
	"gallra.se/libs/serve"
)

// waiting is what an instance answers between two lives: the process is there, the service
// is not.
func waiting() http.Handler {
	mux := http.NewServeMux()
	serve.Live(mux)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "not ready: waiting for leave to begin\n")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.Unavailable(time.Second)) })
	return mux
}
