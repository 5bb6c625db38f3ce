package clock_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
)

// quietServer has no JetStream: what is asked of that, the test answers.
func quietServer(t *testing.T) *nats.Conn {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("nats-server is not ready after 10 s")
	}
	return bustest.Connect(t, s.ClientURL())
}

func TestAnAdvanceAsksAgainWhenTheServerWentAwayOverAnAnswer(t *testing.T) {
	t.Parallel()
	nc := quietServer(t)
	var asked atomic.Int64
	_, err := nc.Subscribe("$JS.API.STREAM.LIST", func(m *nats.Msg) {
		if asked.Add(1) > 1 {
			_ = m.Respond([]byte(`{"streams":[]}`))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := clock.NewCoordinator(t.Context(), nc, &memory{}, start, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Advance(t.Context(), start.Add(time.Hour)); err != nil || asked.Load() < 2 {
		t.Errorf("%v after %d questions", err, asked.Load())
	}
}
