package outbox

import (
	"context"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
)

// ContentType of every event in a stream.
const ContentType = "application/cloudevents+json"

// publish stores rows in order, as they are.
func publish(ctx context.Context, nc *nats.Conn, rows ...row) error {
	messages := make([]*nats.Msg, len(rows))
	for i, r := range rows {
		messages[i] = r.message()
	}
	return bus.Publish(ctx, nc, messages)
}

func (r row) message() *nats.Msg {
	m := nats.NewMsg(r.Subject)
	m.Data = r.Payload
	m.Header.Set("Content-Type", ContentType)
	m.Header.Set(nats.MsgIdHdr, r.Event.String())
	return m
}
