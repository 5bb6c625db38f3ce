package trespass_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/provision"
	"gallra.se/services/gallra/internal/trespass"
)

// place is a nats-server with the system's streams and two partners.
type place struct {
	layout embedded.Layout
	url    string
}

func started(t *testing.T) place {
	t.Helper()
	layout, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	desk := connect.Desk{Folder: layout.Credentials(), URL: "nats://127.0.0.1:1"}
	for name, events := range map[string][]string{
		"one": {"arbetsformedlingen/case.closed", "arbetsformedlingen/hold.*"}, "two": {"te-customer-service/*"},
	} {
		partner, err := connect.Ask(name, []string{"arbetsformedlingen/contact"}, events)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Add(t.Context(), partner, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	p := place{layout: layout}
	p.start(t)
	return p
}

func (p *place) start(t *testing.T) {
	t.Helper()
	server, err := embedded.StartNats(p.layout, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	p.url = server.URL()
	readers, err := p.layout.Credentials().Readers()
	if err != nil {
		t.Fatal(err)
	}
	if err := provision.Streams(t.Context(), p.as(t, provision.CoreUser), readers); err != nil {
		t.Fatal(err)
	}
	if err := provision.StatisticsStream(t.Context(), p.as(t, provision.StatisticsUser)); err != nil {
		t.Fatal(err)
	}
}

func (p *place) as(t *testing.T, user string) *nats.Conn {
	t.Helper()
	nc, err := assembly.Connect(assembly.Nats{URL: p.url, SeedFile: p.layout.Seed(user), User: user}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

func TestNobodyAtTheNatsServerDoesWhatIsNotHis(t *testing.T) {
	t.Parallel()
	p := started(t)
	attempts, err := trespass.Bus(t.Context(), p.layout.Credentials(), p.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range trespass.Wrong(attempts) {
		t.Errorf("%+v", a)
	}
	if len(attempts) < 3000 {
		t.Errorf("only %d attempts", len(attempts))
	}
	for _, tally := range trespass.Tallies(attempts) {
		if tally.Own < 3 && tally.Who != "nats sys" || tally.Refused < 10 {
			t.Errorf("%+v tells too little", tally)
		}
	}
}

func TestTryingLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	p := started(t)
	for user, subject := range map[string]string{
		"case-linker": "ev.arbetsformedlingen.case.1.case.closed.v1", "retention-timer": "ev.te-customer-service.retention.1.hold.placed.v1",
		"statistics-publisher": "stats.v1.row",
	} {
		if _, err := p.as(t, user).Request(subject, []byte("{}"), 5*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	before := p.streams(t)
	if _, err := trespass.Bus(t.Context(), p.layout.Credentials(), p.url); err != nil {
		t.Fatal(err)
	}
	after := p.streams(t)
	for name, state := range before {
		if now, still := after[name]; !still || now.Msgs != state.Msgs || now.LastSeq != state.LastSeq || now.Consumers != state.Consumers {
			t.Errorf("%s was %+v and is %+v", name, state, now)
		}
	}
	if len(before) != 6 || len(after) != len(before) {
		t.Errorf("there were %d streams and are %d", len(before), len(after))
	}
}

// streams are those of CORE and the analysts', as they are now.
func (p *place) streams(t *testing.T) map[string]jetstream.StreamState {
	t.Helper()
	js, err := jetstream.New(p.as(t, "operator"))
	if err != nil {
		t.Fatal(err)
	}
	stats, err := jetstream.New(p.as(t, provision.StatisticsUser))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := stats.Stream(t.Context(), "STATS")
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]jetstream.StreamState{"STATS": rows.CachedInfo().State}
	list := js.ListStreams(t.Context())
	for info := range list.Info() {
		states[info.Config.Name] = info.State
	}
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return states
}

func TestARightTooManyIsALeakAndOneTooFewIsBarred(t *testing.T) {
	t.Parallel()
	p := started(t)
	accounts := filepath.Join(p.layout.Nats(), "accounts.conf")
	text, err := os.ReadFile(accounts)
	if err != nil {
		t.Fatal(err)
	}
	bent := strings.Replace(string(text), `"ask.ledger.check"`, `"ask.case-linker.resolve"`, 1)
	if bent == string(text) {
		t.Fatal("the right is not to be found")
	}
	if err := os.WriteFile(accounts, []byte(bent), 0o600); err != nil {
		t.Fatal(err)
	}
	sys := p.as(t, "sys")
	if _, err := sys.Request("$SYS.REQ.SERVER."+sys.ConnectedServerId()+".RELOAD", nil, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	attempts, err := trespass.Bus(t.Context(), p.layout.Credentials(), p.url)
	if err != nil {
		t.Fatal(err)
	}
	want := []trespass.Attempt{
		{Who: "nats operator", What: "ask who a person is", Could: true},
		{Who: "nats operator", What: "ask whether the ledger holds", May: true},
	}
	wrong := trespass.Wrong(attempts)
	if len(wrong) != 2 || wrong[0] != want[0] || wrong[1] != want[1] || !wrong[0].Leak() || !wrong[1].Barred() {
		t.Errorf("found %+v", wrong)
	}
}
