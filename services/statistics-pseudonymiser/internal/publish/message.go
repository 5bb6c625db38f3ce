package publish

import (
	"fmt"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/publish/subject"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

const source = "/gallra/%s/statistics-pseudonymiser"

// message is the publication of a row. Every id in it is random; its time is the
// civil date of publication at 00:00Z, nothing finer.
func message(pack *policy.Pack, k store.Kept, now time.Time) (*nats.Msg, error) {
	today := pack.Today(now)
	e := cloudevents.New()
	e.SetID(k.Event.String())
	e.SetType(events.TypeStatisticsRow)
	e.SetSource(fmt.Sprintf(source, k.Authority))
	e.SetSubject(k.ID.String())
	e.SetTime(time.Date(today.Year, today.Month, today.Day, 0, 0, 0, 0, time.UTC))
	e.SetDataSchema(events.SchemaID(events.TypeStatisticsRow))
	e.SetExtension("partitionkey", k.ID.String())
	e.SetExtension("policyversion", pack.Version)
	if err := e.SetData(cloudevents.ApplicationJSON, k.Publication()); err != nil {
		return nil, fmt.Errorf("encode row: %w", err)
	}
	payload, err := e.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode row: %w", err)
	}
	m := nats.NewMsg(subject.Of(k.Authority, k.Period, k.ID))
	m.Data = payload
	m.Header.Set("Content-Type", cloudevents.ApplicationCloudEventsJSON)
	m.Header.Set(nats.MsgIdHdr, k.Event.String())
	return m, nil
}
