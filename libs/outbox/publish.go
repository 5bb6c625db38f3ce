package outbox

import (
	"bytes"
	"context"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/trace"
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
	if parent := traceparentIn(r.Payload); parent != "" {
		m.Header.Set(trace.Header, parent)
	}
	return m
}

// traceparentIn reads the attribute where encode leaves it: the data comes before
// the extensions, and of those it is the last by name.
func traceparentIn(payload []byte) string {
	const before, after = `"` + trace.Header + `":"`, `"}`
	rest, ends := bytes.CutSuffix(payload, []byte(after))
	if at := len(rest) - trace.Length; ends && at > len(before) && bytes.HasSuffix(rest[:at], []byte(before)) {
		return string(rest[at:])
	}
	return ""
}
