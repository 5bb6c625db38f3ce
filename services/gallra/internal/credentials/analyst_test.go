package credentials_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/credentials"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

func TestAnAnalystReadsEveryRowAndCanHaveNothingStored(t *testing.T) {
	t.Parallel()
	place := started(t)
	provisioner, _ := place.login(t, "statistics-provisioner")
	if err := statistics.Provision(t.Context(), provisioner); err != nil {
		t.Fatal(err)
	}
	publisher, _ := place.login(t, "statistics-publisher")
	for _, row := range []string{"stats.v1.a", "stats.v1.b"} {
		if _, err := publisher.Request(row, []byte("{}"), 5*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	analyst, _ := place.login(t, "analyst")
	js, err := jetstream.NewWithDomain(analyst, credentials.Domain)
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := js.CreateConsumer(t.Context(), "STATS", jetstream.ConsumerConfig{AckPolicy: jetstream.AckNonePolicy})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := consumer.Next(jetstream.FetchMaxWait(5 * time.Second)); err != nil {
			t.Fatalf("read a row: %v", err)
		}
	}
	// Answers and deliveries that would be rows, were they taken where they are asked to go.
	if err := analyst.PublishRequest("$JS.gallra.API.STREAM.INFO.STATS", "stats.v1.answer", nil); err != nil {
		t.Fatal(err)
	}
	if err := analyst.PublishRequest("$JS.gallra.API.CONSUMER.MSG.NEXT.STATS."+consumer.CachedInfo().Name, "stats.v1.delivery", nil); err != nil {
		t.Fatal(err)
	}
	ask, err := json.Marshal(map[string]any{"stream_name": "STATS", "config": map[string]any{"name": "pushed", "ack_policy": "none", "deliver_subject": "stats.v1.pushed"}})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := analyst.Request("$JS.gallra.API.CONSUMER.CREATE.STATS.pushed", ask, 5*time.Second)
	if err != nil || !strings.Contains(string(answer.Data), "cycle") {
		t.Errorf("a consumer that delivers into its own stream: %v %s", err, answer.Data)
	}
	own, err := jetstream.New(provisioner)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := own.Stream(t.Context(), "STATS")
	if err != nil {
		t.Fatal(err)
	}
	if state := stream.CachedInfo().State; state.LastSeq != 2 || state.Msgs != 2 {
		t.Errorf("the stream holds %+v", state)
	}
}
