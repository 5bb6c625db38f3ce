package ledger_test

import (
	"fmt"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
)

// send publishes one event as another service's relay would, under an id.
func (s *system) send(id uuid.UUID, context, authority, eventType string, data any) {
	s.t.Helper()
	key := uuid.NewString()
	e := cloudevents.New()
	e.SetID(id.String())
	e.SetType(eventType)
	e.SetSource("/gallra/" + authority + "/test")
	e.SetTime(time.Date(2025, 5, 2, 8, 0, 0, 0, time.UTC))
	e.SetExtension("partitionkey", key)
	e.SetExtension("policyversion", "2024-1")
	if err := e.SetData(cloudevents.ApplicationJSON, data); err != nil {
		s.t.Fatal(err)
	}
	payload, err := e.MarshalJSON()
	if err != nil {
		s.t.Fatal(err)
	}
	js, err := jetstream.New(s.nc)
	if err != nil {
		s.t.Fatal(err)
	}
	m := nats.NewMsg(fmt.Sprintf("ev.%s.%s.%d.%s", authority, context, bus.Partition(key), eventType[len("se.gallra."):]))
	m.Data = payload
	if _, err := js.PublishMsg(s.t.Context(), m); err != nil {
		s.t.Fatal(err)
	}
}
