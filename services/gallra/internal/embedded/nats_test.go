package embedded

import (
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/credentials"
)

func opened(t *testing.T) Layout {
	t.Helper()
	layout, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return layout
}

func started(t *testing.T, layout Layout, listen string) *Nats {
	t.Helper()
	ns, err := StartNats(layout, listen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ns.Stop)
	return ns
}

func login(t *testing.T, l Layout, ns *Nats, user string) *nats.Conn {
	t.Helper()
	nkey, err := nats.NkeyOptionFromSeed(l.Seed(user))
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(ns.URL(), nkey, nats.CustomInboxPrefix(credentials.InboxPrefix(user)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

func TestTheServerCanReadItsConfigurationAgainAndStaysWhereItIs(t *testing.T) {
	t.Parallel()
	for name, listen := range map[string]string{"a free port": "127.0.0.1:0", "a given port": freeAddress(t)} {
		layout := opened(t)
		ns := started(t, layout, listen)
		at, ok := layout.Credentials().Listens()
		if !ok || "nats://"+at != ns.URL() {
			t.Fatalf("%s: the server listens on %s, its configuration says %s", name, ns.URL(), at)
		}
		nc := login(t, layout, ns, "sys")
		for range 3 {
			answer, err := nc.Request("$SYS.REQ.SERVER."+nc.ConnectedServerId()+".RELOAD", nil, 5*time.Second)
			if err != nil || strings.Contains(string(answer.Data), `"error"`) {
				t.Fatalf("%s: %v %s", name, err, answer.Data)
			}
		}
		if reconnects := nc.Stats().Reconnects; reconnects != 0 {
			t.Errorf("%s: the connection was made anew %d times", name, reconnects)
		}
		if login(t, layout, ns, "intake"); ns.URL() != "nats://"+at {
			t.Errorf("%s: the server has moved to %s", name, ns.URL())
		}
		if info, err := os.Stat(layout.Logs() + "/nats.log"); err != nil || info.Size() == 0 {
			t.Errorf("%s: no log: %v", name, err)
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestASecondGallraOnTheSameDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	layout := opened(t)
	first, err := layout.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := layout.Lock(); err == nil {
		t.Fatal("the lock was given twice")
	}
}
