package door

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
)

// systemRole is what a login at NATS may do: bring lines in, for the authority that its subjects name.
const systemRole = "system"

// Reply takes lines by NATS request-reply on subjects like in.<authority>.contact, in a queue group of instances, until
// ctx ends. The reply is the answer, or the problem document with the header Gallra-Problem. Who may publish on the
// subject was decided at login; the line must be of the subject's authority.
func (d *Door) Reply(ctx context.Context, nc *nats.Conn, subject, queue string) error {
	return bus.Respond(ctx, nc, subject, queue, func(ctx context.Context, m *nats.Msg) *nats.Msg {
		reply := nats.NewMsg("")
		answer, duplicate, err := d.take(ctx, m)
		if err == nil {
			reply.Data, err = json.Marshal(answer)
		}
		if err != nil {
			d.fault(ctx, err)
			p := problem.From(err)
			reply.Header.Set(bus.HeaderProblem, p.Reason)
			reply.Data = p.JSON()
			return reply
		}
		if duplicate {
			reply.Header.Set(HeaderDuplicate, "true")
		}
		return reply
	})
}

func (d *Door) take(ctx context.Context, m *nats.Msg) (any, bool, error) {
	if len(m.Data) > MaxLine {
		return nil, false, problem.New("too-large")
	}
	tokens := strings.Split(m.Subject, ".")
	if len(tokens) < 2 {
		return nil, false, problem.New("unknown-authority")
	}
	ctx = bearer.With(ctx, bearer.Claims{Authority: tokens[1], Name: "nats", Roles: []string{systemRole}})
	return d.Carry(ctx, m.Data)
}
