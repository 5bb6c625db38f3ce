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
		authority := strings.Split(m.Subject+".", ".")[1]
		o := d.carry(bearer.With(ctx, bearer.Claims{Authority: authority, Name: "nats", Roles: []string{systemRole}}), m.Data)
		return replyOf(o)
	})
}

func replyOf(o Outcome) *nats.Msg {
	data, err := json.Marshal(o.Answer)
	if o.Err != nil {
		err = o.Err
	}
	if err != nil {
		return bus.ProblemReply(problem.From(err))
	}
	reply := nats.NewMsg("")
	if o.Duplicate {
		reply.Header.Set(HeaderDuplicate, "true")
	}
	reply.Data = data
	return reply
}
