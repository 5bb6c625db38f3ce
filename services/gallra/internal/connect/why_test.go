package connect_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus/bustest"
)

// What docs/adr/0009 rests on. When this fails, the server has learned to keep a consumer's
// deliveries apart, and partners could be let make their own.
func TestWhoMakesAConsumerAcrossAccountsCanPublishOnAnySubjectOfTheStreamsAccount(t *testing.T) {
	t.Parallel()
	const narrow = "$JS.API.CONSUMER.CREATE.EV.partner.ev.mine"
	url := serve(t, `
		CORE { jetstream: enabled, users: [ { user: core, password: core } ]
			exports: [ { service: "`+narrow+`", accounts: [P] } ] }
		P { users: [ { user: p, password: p, permissions: { publish: { allow: ["api.create"] } } } ]
			imports: [ { service: { account: CORE, subject: "`+narrow+`" }, to: "api.create" } ] }`)
	core := connected(t, url, "core")
	js, err := jetstream.New(core)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "EV", Subjects: []string{"ev.>"}, Storage: jetstream.MemoryStorage}); err != nil {
		t.Fatal(err)
	}
	store(t, core, "ev.mine")
	heard, err := core.SubscribeSync("clock.moved")
	if err != nil {
		t.Fatal(err)
	}
	if err := core.Flush(); err != nil {
		t.Fatal(err)
	}
	ask, err := json.Marshal(map[string]any{"stream_name": "EV", "config": map[string]any{
		"name": "partner", "filter_subject": "ev.mine", "ack_policy": "none", "deliver_subject": "clock.moved"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := connected(t, url, "p").Request("api.create", ask, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	if _, err := heard.NextMsg(5 * time.Second); err != nil {
		t.Errorf("nothing was published on clock.moved: %v", err)
	}
}

func serve(t *testing.T, accounts string) (url string) {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, "nats.conf")
	text := `listen: "127.0.0.1:-1"` + "\njetstream { store_dir: " + `"` + dir + `"` + " }\naccounts {" + accounts + "}\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return bustest.Configured(t, conf)
}

func connected(t *testing.T, url, user string) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, nats.UserInfo(user, user))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}
