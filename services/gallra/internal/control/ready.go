package control

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
)

// ready tells whether a whole deployment is: every clocked service answers over NATS, with
// instances that have shared out all of its work, and the console over HTTP.
type ready struct {
	nc      *nats.Conn
	awaited []string
	console *client.Client // nil: not asked
}

// answersWithin is how long (Pace) a deployment may take to say how far it is.
const answersWithin = 2 * time.Second

// Missing names the services that are not ready.
func (r ready) Missing(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	var missing []string
	if r.console != nil && !r.consoleReady(ctx) { // first: whoever is missing below takes up the rest of the time
		missing = append(missing, "console")
	}
	missing = append(missing, r.clocked(ctx)...)
	slices.Sort(missing)
	return missing
}

// clocked asks everybody and listens until nobody is missing any more.
func (r ready) clocked(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	inbox := r.nc.NewRespInbox()
	sub, err := r.nc.SubscribeSync(inbox)
	if err != nil {
		return r.awaited
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := r.nc.PublishRequest(clock.SubjectReport, inbox, nil); err != nil {
		return r.awaited
	}
	var reports []clock.Report
	for {
		missing := incomplete(r.awaited, reports)
		if len(missing) == 0 {
			return nil
		}
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return missing
		}
		var report clock.Report
		if json.Unmarshal(m.Data, &report) == nil {
			reports = append(reports, report)
		}
	}
}

// incomplete names services of which nobody answered, or whose instances have not yet
// agreed who does what.
func incomplete(awaited []string, reports []clock.Report) []string {
	missing := map[string]bool{}
	for _, service := range awaited {
		missing[service] = true
	}
	for _, report := range reports {
		delete(missing, report.Service)
	}
	for _, service := range clock.Divided(reports) {
		missing[service] = true
	}
	return slices.Sorted(maps.Keys(missing))
}

func (r ready) consoleReady(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	answer, err := r.console.Do(ctx, client.Call{Method: http.MethodGet, Path: "/readyz"})
	return err == nil && answer.OK()
}

func (r ready) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if missing := r.Missing(request.Context()); len(missing) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "not ready: %s\n", strings.Join(missing, ", "))
		return
	}
	fmt.Fprintln(w, "ok")
}
