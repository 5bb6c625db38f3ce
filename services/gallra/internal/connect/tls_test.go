package connect_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
)

// deployed is a nats-server with the folder of a deployment, reached by TLS.
func deployed(t *testing.T) place {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "secrets")
	if _, err := credentials.Generate(dir, nil); err != nil {
		t.Fatal(err)
	}
	folder := credentials.Shared(dir)
	conf, err := folder.WriteNatsConf(credentials.NatsServer{Listen: "127.0.0.1:-1", Store: t.TempDir(),
		TLSCert: filepath.Join(dir, "tls", "nats.pem"), TLSKey: filepath.Join(dir, "tls", "nats.key")})
	if err != nil {
		t.Fatal(err)
	}
	url := bustest.Configured(t, conf)
	return place{Desk: connect.Desk{Folder: folder, URL: strings.Replace(url, "nats://", "tls://", 1)}}
}

func TestAPartnerOfADeploymentConnectsByTLSAlone(t *testing.T) {
	t.Parallel()
	place := deployed(t)
	secured := func(user string) assembly.Nats {
		return assembly.Nats{URL: place.URL, SeedFile: place.Folder.Seed(user), User: user, CA: place.Folder.CA()}
	}
	provisioner, err := assembly.Connect(secured("provisioner"), "test", discarded)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(provisioner.Close)
	js, err := jetstream.New(provisioner)
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Provision(t.Context(), js, []string{"case"}); err != nil {
		t.Fatal(err)
	}
	partner, err := connect.Ask("kund", nil, []string{af + "/case.closed"})
	if err != nil {
		t.Fatal(err)
	}
	given, err := place.Add(t.Context(), partner, time.Hour)
	if err != nil || !given.Live || given.CA != place.Folder.CA() {
		t.Fatalf("%+v %v", given, err)
	}
	linker, err := assembly.Connect(secured("case-linker"), "test", discarded)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(linker.Close)
	store(t, linker, "ev."+af+".case.3.case.closed.v1")
	nkey, err := nats.NkeyOptionFromSeed(given.Seed)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(given.Nats, nkey, nats.RootCAs(given.CA))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	if got := reads(t, nc, given.Reads[0]); len(got) != 1 {
		t.Errorf("it reads %v", got)
	}
	if other, err := nats.Connect(given.Nats, nkey); err == nil {
		other.Close()
		t.Error("a server whose CA is unknown is trusted")
	}
	if _, err := place.Revoke(t.Context(), "kund"); err != nil {
		t.Fatal(err)
	}
}
