package e2e

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/events"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
)

// inOrder reads whole streams and wants the events of each key to stand in the order in
// which they were committed, without a gap, although more than one instance wrote them.
func inOrder(t *testing.T, d deployment) {
	t.Helper()
	for user, streams := range map[string][]string{"ledger": {"EV_CONTACT", "EV_CASE"}, "intake": {"EV_RETENTION"}} {
		login := assembly.Nats{URL: d.place.Nats.URL, SeedFile: credentials.Shared(d.place.Secrets).Seed(user), User: user, CA: d.place.CA}
		nc, err := assembly.Connect(login, "e2e", slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		js, err := jetstream.New(nc)
		if err != nil {
			t.Fatal(err)
		}
		for _, stream := range streams {
			streamInOrder(t, js, stream)
		}
	}
}

// heard is what an order rests on.
type heard struct {
	ID, PartitionKey, Sequence, Type string
}

func streamInOrder(t *testing.T, js jetstream.JetStream, name string) {
	t.Helper()
	consumer, err := js.OrderedConsumer(t.Context(), name, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy})
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]string{}
	seen := map[string]bool{}
	for read, end := uint64(0), stream.CachedInfo().State.LastSeq; read < end; {
		m, err := consumer.Next(jetstream.FetchMaxWait(5 * time.Second))
		if err != nil {
			t.Fatalf("%s behind %d of %d: %v", name, read, end, err)
		}
		at, err := m.Metadata()
		if err != nil {
			t.Fatal(err)
		}
		read = at.Sequence.Stream
		var e heard
		if err := json.Unmarshal(m.Data(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Type == events.TypeWatermarkPassed || e.Sequence == "" || seen[e.ID] { // about no key, or stored twice
			continue
		}
		seen[e.ID] = true
		if before := last[e.PartitionKey]; e.Sequence != following(before) {
			t.Errorf("%s: behind %s of a key stands %s (%s)", name, before, e.Sequence, e.Type)
		}
		last[e.PartitionKey] = e.Sequence
	}
	if len(last) < 10 {
		t.Errorf("%s has %d keys: too few to tell", name, len(last))
	}
}

// following is the version that comes after another, as events write it.
func following(version string) string {
	n, _ := strconv.ParseInt(version, 10, 64) // none is zero
	return fmt.Sprintf("%020d", n+1)
}
