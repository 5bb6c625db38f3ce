package statistics_test

import (
	"encoding/json"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/events"
	"gallra.se/events/contract"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// published is one message of the analysts' stream.
type published struct {
	subject string
	event   cloudevents.Event
	row     events.StatisticsRow
}

// readAll is the stream as an analyst reads it, one quarter of it; every row is
// checked against the schema.
func (s *system) readAll(period string) (all []published) {
	s.t.Helper()
	js, err := jetstream.New(s.analyst)
	s.must(err)
	consumer, err := js.OrderedConsumer(s.t.Context(), statistics.Stream, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{"stats.v1.*.closed-cases." + period + ".>"}})
	s.must(err)
	info, err := consumer.Info(s.t.Context())
	s.must(err)
	if info.NumPending == 0 {
		return nil
	}
	batch, err := consumer.Fetch(int(info.NumPending))
	s.must(err)
	for m := range batch.Messages() {
		p := published{subject: m.Subject()}
		s.must(json.Unmarshal(m.Data(), &p.event))
		s.must(json.Unmarshal(p.event.Data(), &p.row))
		s.must(contract.Validate(events.TypeStatisticsRow, p.event.Data()))
		if !strings.HasSuffix(p.subject, "."+p.row.ClosedQuarter+"."+p.row.RecordID) {
			s.t.Errorf("row %s of %s at %s", p.row.RecordID, p.row.ClosedQuarter, p.subject)
		}
		all = append(all, p)
	}
	s.must(batch.Error())
	return all
}
