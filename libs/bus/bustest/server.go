// Package bustest starts a real nats-server with JetStream for tests.
package bustest

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
)

// Server is a nats-server of its own for one test, and a connection to it. The
// streams of the given contexts are provisioned.
func Server(t testing.TB, contexts ...string) *nats.Conn {
	t.Helper()
	nc := Connect(t, run(t, &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(),
		SyncAlways: true, MaxPayload: 2 << 20}))
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatalf("open JetStream: %v", err)
	}
	if err := bus.Provision(context.Background(), js, contexts); err != nil {
		t.Fatalf("provision: %v", err)
	}
	return nc
}

// Configured is a nats-server that reads a configuration file, and where it is reached.
func Configured(t testing.TB, file string) (url string) {
	t.Helper()
	options, err := server.ProcessConfigFile(file)
	if err != nil {
		t.Fatalf("read NATS configuration: %v", err)
	}
	return run(t, options)
}

func run(t testing.TB, options *server.Options) (url string) {
	t.Helper()
	options.NoLog, options.NoSigs = true, true
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatalf("start nats-server: %v", err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("nats-server is not ready after 10 s")
	}
	return s.ClientURL()
}

// Connect is one more connection.
func Connect(t testing.TB, url string) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatalf("connect to nats-server: %v", err)
	}
	t.Cleanup(nc.Close)
	return nc
}
