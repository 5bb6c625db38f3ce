package serve

import (
	"net/http"
	"strings"
	"time"

	"gallra.se/libs/problem"
)

// InFlight is how many requests an instance works on at a time. Each may hold a body of MaxBody, so that an instance's
// memory has a bound however many callers there are; a database pool is far smaller, so that more would only wait longer.
const InFlight = 256

// comeAgain is what a caller is told who is one too many.
const comeAgain = time.Second

// Admit lets at most max requests in and answers 503 with Retry-After to the others: nothing of theirs has been read, so
// that they may simply ask again. What operators ask (/livez, /readyz, /metrics) is always let in.
func Admit(max int, next http.Handler) http.Handler {
	slots := make(chan struct{}, max)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if operational(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
			next.ServeHTTP(w, r)
		default:
			if counts, ok := next.(interface{ Refused() }); ok {
				counts.Refused()
			}
			w.Header().Set("Connection", "close")
			problem.Write(w, problem.Unavailable(comeAgain))
		}
	})
}

func operational(path string) bool {
	return path == "/livez" || path == "/readyz" || strings.HasPrefix(path, "/metrics")
}
