package api

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
)

// Requests answers lines that come by request and reply on core NATS: on
// in.<authority>.contact, or on in.unknown.contact what has no other way.
func (a *API) Requests(ctx context.Context, queue string) error {
	return bus.Respond(ctx, a.NC, "in.*.contact", queue, a.request)
}

func (a *API) request(ctx context.Context, m *nats.Msg) *nats.Msg {
	sender := strings.Split(m.Subject, ".")[1]
	result := a.take(ctx, m.Data, sender)
	reply := nats.NewMsg("")
	if result.Err != nil {
		if !problem.Refused(result.Err) {
			a.Log.ErrorContext(ctx, "request failed", "route", "in.*.contact", "error", result.Err.Error())
		}
		p := problem.From(result.Err)
		reply.Header.Set(bus.HeaderProblem, p.Reason)
		if p.RetryAfter > 0 {
			reply.Header.Set("Retry-After", strconv.Itoa(int((p.RetryAfter+time.Second-1)/time.Second)))
		}
		reply.Data = p.JSON()
		return reply
	}
	if result.Duplicate {
		reply.Header.Set(DuplicateHeader, "true")
	}
	reply.Data, _ = json.Marshal(result.Answer)
	return reply
}
