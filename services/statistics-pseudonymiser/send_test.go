package statistics_test

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/seal"
)

const af = "arbetsformedlingen"

func newToken() string {
	t := make([]byte, 16)
	rand.Read(t)
	return hex.EncodeToString(t)
}

func recorded(r, t string) events.SealedStatisticsRecorded {
	return events.SealedStatisticsRecorded{R: r, T: t, Epoch: 2024, Row: events.StatisticsFields{
		Sex: "female", AgeBand: "30-34", County: "01", SSYK: "25", ClosedQuarter: "2024Q1",
		Programme: "none", SpellBand: "26-51", CaseType: "job-seeking", ClosingReason: "got-work", ContactsBand: "3-5",
		ChannelMain: "phone", PriorCases5Y: "1", ImputedFlags: []string{}, SourceCompleteness: "full"}}
}

// send seals content to the service and publishes it as case-linker's relay
// would.
func (s *system) send(eventType string, content any) {
	s.t.Helper()
	s.publish(eventType, s.sealed(eventType, content))
}

// sealed is the payload of any of the three events.
func (s *system) sealed(eventType string, content any) events.StatisticsRecorded {
	s.t.Helper()
	public, keyID, err := s.ring.TransportKey(s.t.Context(), s.clock.Now().Now)
	s.must(err)
	plain, err := json.Marshal(content)
	s.must(err)
	box, err := seal.Seal(public, events.StatisticsAAD(eventType, af), plain)
	s.must(err)
	return events.StatisticsRecorded{Sealed: box, KeyID: keyID}
}

// publish sends an event of which every id is random.
func (s *system) publish(eventType string, payload any) {
	s.t.Helper()
	e := cloudevents.New()
	partitionKey := uuid.NewString()
	e.SetID(uuid.NewString())
	e.SetType(eventType)
	e.SetSource("/gallra/" + af + "/case-linker")
	e.SetSubject(uuid.NewString())
	e.SetTime(s.clock.Now().Now)
	e.SetExtension("partitionkey", partitionKey)
	s.must(e.SetData(cloudevents.ApplicationJSON, payload))
	data, err := e.MarshalJSON()
	s.must(err)
	js, err := jetstream.New(s.ops)
	s.must(err)
	m := nats.NewMsg(fmt.Sprintf("ev.%s.case.%d.%s", af, bus.Partition(partitionKey), strings.TrimPrefix(eventType, "se.gallra.")))
	m.Data = data
	_, err = js.PublishMsg(s.t.Context(), m)
	s.must(err)
}

func (s *system) record(r, t string) { s.send(events.TypeStatisticsRecorded, recorded(r, t)) }
func (s *system) withdraw(r string) {
	s.send(events.TypeStatisticsWithdrawn, events.SealedStatisticsWithdrawn{R: r})
}
func (s *system) separate(r, on string) {
	s.send(events.TypeStatisticsSeparated, events.SealedStatisticsSeparated{R: r, SeparatedOn: on})
}
