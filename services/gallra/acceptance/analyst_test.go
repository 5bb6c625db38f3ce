package acceptance

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/events"
	"gallra.se/events/contract"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// natsURL is where the system's nats-server listens, as it left it for the CLI.
func natsURL(t *testing.T, system *launch.System) string {
	t.Helper()
	found := readFound(t, system)
	if found.Nats.URL == "" {
		t.Fatal("the system left no address of its nats-server")
	}
	return found.Nats.URL
}

// analystReadsStatistics reads every row with an analyst's credentials, and shows that
// the same credentials open nothing else, and that nobody else's open this.
func analystReadsStatistics(t *testing.T, system *launch.System) {
	t.Helper()
	status, out, errs := gallraFor(t, system, "stats", "tail")
	if status != 0 {
		t.Fatalf("%d %s", status, errs)
	}
	rows := strings.Split(strings.TrimSpace(out), "\n")
	if len(rows) < 10 {
		t.Errorf("only %d rows to read", len(rows))
	}
	for _, line := range rows {
		var row struct {
			Type string
			Data json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.Type != events.TypeStatisticsRow {
			t.Errorf("a row that is no row: %v", err)
		} else if err := contract.Validate(row.Type, row.Data); err != nil {
			t.Errorf("a row against its schema: %v", err)
		}
	}
	analyst := as(t, system, "analyst")
	if !seesStream(t, analyst, "STATS") {
		t.Error("an analyst does not see the analysts' stream")
	}
	for _, stream := range []string{"EV_CASE", "EV_CONTACT"} {
		if seesStream(t, analyst, stream) {
			t.Errorf("an analyst sees %s", stream)
		}
	}
	for _, user := range []string{"intake", "case-linker", "ledger", "console", "operator", "outside"} {
		if seesStream(t, as(t, system, user), "STATS") {
			t.Errorf("%s sees the analysts' stream", user)
		}
	}
}

func as(t *testing.T, system *launch.System, user string) *nats.Conn {
	t.Helper()
	seed, err := nats.NkeyOptionFromSeed(embedded.Layout{Dir: system.Dir}.Seed(user))
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(natsURL(t, system), seed, nats.CustomInboxPrefix(credentials.InboxPrefix(user)),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// seesStream asks for a stream, in one's own account and beyond it; a denial shows as no
// answer.
func seesStream(t *testing.T, nc *nats.Conn, stream string) bool {
	t.Helper()
	own, err := jetstream.New(nc, jetstream.WithDefaultTimeout(300*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	beyond, err := jetstream.NewWithDomain(nc, credentials.Domain, jetstream.WithDefaultTimeout(300*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	_, err = own.Stream(t.Context(), stream)
	_, err2 := beyond.Stream(t.Context(), stream)
	return err == nil || err2 == nil
}

func readFound(t *testing.T, system *launch.System) client.Found {
	t.Helper()
	found, err := client.ReadFound(system.Dir+"/state/gallra", system.URL)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
