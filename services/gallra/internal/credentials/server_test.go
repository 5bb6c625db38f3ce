package credentials_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
)

// place is a folder of secrets and a nats-server that knows them.
type place struct {
	credentials.Folder
	server *embedded.Nats
}

func started(t *testing.T) place {
	t.Helper()
	layout, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server, err := embedded.StartNats(layout, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return place{layout.Credentials(), server}
}

// login connects as a user; denials reach the returned channel.
func (p place) login(t *testing.T, user string) (*nats.Conn, <-chan error) {
	t.Helper()
	denied := make(chan error, 16)
	nkey, err := nats.NkeyOptionFromSeed(p.Seed(user))
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(p.server.URL(), nkey, nats.CustomInboxPrefix(credentials.InboxPrefix(user)),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { denied <- err }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc, denied
}

func (p place) provisioned(t *testing.T) {
	t.Helper()
	nc, _ := p.login(t, "provisioner")
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Provision(t.Context(), js, []string{"contact", "case"}); err != nil {
		t.Fatal(err)
	}
}

func expectDenial(t *testing.T, nc *nats.Conn, denied <-chan error) {
	t.Helper()
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-denied:
		if !strings.Contains(strings.ToLower(err.Error()), "permissions violation") {
			t.Fatalf("denied with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the server let it pass")
	}
}

func respond(asked chan<- struct{}) nats.MsgHandler {
	return func(m *nats.Msg) {
		_ = m.Respond([]byte("answer"))
		asked <- struct{}{}
	}
}
