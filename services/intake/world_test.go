package intake_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/seal"
	"gallra.se/services/intake"
)

const af = "arbetsformedlingen"

// world is an intake on a real bus and real databases, with stand-ins for its
// neighbours and a clock that the test sets.
type world struct {
	t        testing.TB
	nc       *nats.Conn
	js       jetstream.JetStream
	db, keys *pgxpool.Pool
	ring     *keyring.Ring
	store    keyring.Keystore
	clock    *handClock
	signer   ed25519.PrivateKey
	eid      ed25519.PrivateKey // of the issuer of electronic identities; nil: there is none
	url      string
	stop     func()

	linkerKey  []byte        // case-linker's private transport key
	linkerKeys *atomic.Int64 // how many it has given up
	told       chan cloudevents.Event
	accessed   chan cloudevents.Event
	published  map[string]uint64
	linkerAway func()
}

type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}
func (c *handClock) Version() int64         { return 0 }
func (c *handClock) Simulated() bool        { return true }
func (c *handClock) Moved() <-chan struct{} { return nil }
func (c *handClock) set(rfc3339 string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = moment(rfc3339)
}

func moment(rfc3339 string) time.Time {
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, nc: bustest.Server(t, "contact", "case", "retention"), clock: &handClock{}, linkerKeys: &atomic.Int64{},
		told: make(chan cloudevents.Event, 1000), accessed: make(chan cloudevents.Event, 10_000), published: map[string]uint64{}}
	w.clock.set("2024-01-31T14:12:00+01:00")
	w.db = database(t, "intake", intake.Migrations()...)
	w.keys = database(t, "intake_keys", keyring.Migration())
	var err error
	w.store, err = keyring.FileStore(t.TempDir())
	must(t, err)
	w.ring, err = keyring.Open(t.Context(), w.keys, w.store)
	must(t, err)
	w.js, err = jetstream.New(w.nc)
	must(t, err)
	_, w.signer, err = ed25519.GenerateKey(nil)
	must(t, err)
	_, w.eid, err = ed25519.GenerateKey(nil)
	must(t, err)
	_, err = w.nc.Subscribe("ev.*.contact.>", w.heard)
	must(t, err)
	w.standInForCaseLinker()
	w.run()
	return w
}

func database(t testing.TB, name string, sets ...pg.Migration) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, sets...) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(8), pg.Worlds)
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

func (w *world) standInForCaseLinker() {
	public, private, err := seal.Generate()
	must(w.t, err)
	w.linkerKey = private
	sub, err := w.nc.Subscribe("ask.case-linker.transportkey", func(m *nats.Msg) {
		answer, _ := json.Marshal(map[string]any{"public": public, "keyId": w.linkerKeyID()})
		_ = m.Respond(answer)
	})
	must(w.t, err)
	w.linkerAway = func() { must(w.t, sub.Unsubscribe()) }
	for subject, answer := range map[string]string{ // nothing is under way, to it or from it
		"ask.case-linker.retire.intake": `{"keys":[]}`,
		"ask.case-linker.sealed.intake": `{"events":[],"next":0,"more":false}`,
	} {
		_, err := w.nc.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond([]byte(answer)) })
		must(w.t, err)
	}
}

// linkerKeyID is the id of the key that case-linker gives out.
func (w *world) linkerKeyID() string { return fmt.Sprintf("case-linker-%d", w.linkerKeys.Load()+1) }

func (w *world) heard(m *nats.Msg) {
	var e cloudevents.Event
	switch {
	case json.Unmarshal(m.Data, &e) != nil || e.Type() == bus.WatermarkType:
	case e.Type() == events.TypeAccessLogged: // whenever a test reads
		w.accessed <- e
	default:
		w.told <- e
	}
}

// run starts an instance; w.stop ends it.
func (w *world) run() {
	t := w.t
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	packs, err := policy.Load(policy.Packs())
	must(t, err)
	service, err := intake.New(intake.Deps{Instance: "one", Listener: l, DB: w.db, Keys: w.ring, NC: w.nc, Clock: w.clock, Policy: packs, EIDKeys: w.issuers(),
		Bearer: bearer.NewVerifier(w.signer.Public().(ed25519.PublicKey)), Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Simulated: true})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	w.url = "http://" + l.Addr().String()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("intake ended with %v", err)
		}
	})
	t.Cleanup(w.stop)
}

// issuers are those whose statements of identity the instance accepts.
func (w *world) issuers() map[string]ed25519.PublicKey {
	if w.eid == nil {
		return nil
	}
	return map[string]ed25519.PublicKey{eidIssuer: w.eid.Public().(ed25519.PublicKey)}
}

// reply is an answer by whatever way.
type reply struct {
	Status int
	Header http.Header
	Body   map[string]any
}

func (w *world) call(method, path, authority string, header map[string]string, body string) reply {
	w.t.Helper()
	response, raw := w.send(method, path, authority, header, body)
	r := reply{Status: response.StatusCode, Header: response.Header}
	must(w.t, json.Unmarshal(raw, &r.Body))
	return r
}

func (w *world) raw(path, contentType, body string) []byte {
	w.t.Helper()
	_, raw := w.send("POST", path, af, map[string]string{"Content-Type": contentType}, body)
	return raw
}

func (w *world) send(method, path, authority string, header map[string]string, body string) (*http.Response, []byte) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	must(w.t, err)
	token, err := bearer.Sign(w.signer, bearer.Claims{Authority: authority, Name: "olle", Roles: []string{"case-officer", "dpo"}, Undertaking: true, Trained: true}, clock.PaceNow(), time.Hour)
	must(w.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Gallra-Purpose", "supervision")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	must(w.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(w.t, err)
	return response, raw
}

func (w *world) post(line string) reply {
	w.t.Helper()
	return w.call("POST", "/v1/contacts", authorityOf(line), map[string]string{"Content-Type": "application/json"}, line)
}

func authorityOf(line string) string {
	if strings.Contains(line, "te-customer-service") {
		return "te-customer-service"
	}
	return af
}

func (w *world) read(id any) reply {
	w.t.Helper()
	return w.call("GET", fmt.Sprintf("/v1/contacts/%v", id), af, nil, "")
}

// accepted posts a line that must be taken in and returns the contact's id.
func (w *world) accepted(line string) string {
	w.t.Helper()
	r := w.post(line)
	if r.Status != http.StatusCreated {
		w.t.Fatalf("posted: %d %v", r.Status, r.Body)
	}
	return r.Body["id"].(string)
}

// next is the next event that intake tells of.
func (w *world) next(eventType string, into any) cloudevents.Event {
	w.t.Helper()
	select {
	case e := <-w.told:
		if e.Type() != eventType {
			w.t.Fatalf("told of %s, want %s", e.Type(), eventType)
		}
		must(w.t, json.Unmarshal(e.Data(), into))
		return e
	case <-clock.After(20 * time.Second):
		w.t.Fatalf("nothing told, want %s", eventType)
		return cloudevents.Event{}
	}
}

// tell publishes an event of another service and waits until intake is settled.
func (w *world) tell(context, eventType string, key string, data any) {
	w.t.Helper()
	w.publish(context, eventType, key, data)
	w.settle()
}

func (w *world) publish(context, eventType string, key string, data any) {
	w.t.Helper()
	e := cloudevents.New()
	e.SetID(uuid.NewString())
	e.SetSource("/gallra/" + af + "/test")
	e.SetType(eventType)
	e.SetTime(w.clock.Now())
	e.SetExtension("partitionkey", key)
	must(w.t, e.SetData(cloudevents.ApplicationJSON, data))
	raw, err := e.MarshalJSON()
	must(w.t, err)
	ack, err := w.js.Publish(w.t.Context(), fmt.Sprintf("ev.%s.%s.%d.%s", af, context, bus.Partition(key), strings.TrimPrefix(eventType, "se.gallra.")), raw)
	must(w.t, err)
	w.published[bus.StreamOf(context)] = ack.Sequence
}

// settle returns when intake has applied all that was published and has nothing
// to do.
func (w *world) settle() {
	w.t.Helper()
	deadline := clock.PaceNow().Add(20 * time.Second)
	for clock.PaceNow().Before(deadline) {
		m, err := w.nc.Request(clock.SubjectReport, nil, time.Second)
		if err != nil {
			continue
		}
		var r clock.Report
		must(w.t, json.Unmarshal(m.Data, &r))
		behind := false
		for stream, sequence := range w.published {
			behind = behind || r.Positions[stream] < sequence
		}
		if r.Busy == 0 && r.Unsent == 0 && !behind {
			if r.Parked > 0 {
				w.t.Fatal("an event is parked")
			}
			return
		}
	}
	w.t.Fatal("intake does not settle")
}

func (w *world) due(c events.ContactRecorded, rule, on, at string) events.DueUnit {
	return events.DueUnit{Unit: c.Unit, Rule: rule, Trigger: events.TriggerContactEnded, DueOn: on, DueAt: moment(at), PolicyVersion: c.PolicyVersion}
}

// rows counts what there is in both databases, by table, but for where the
// consumer has got to.
func (w *world) rows() map[string]int {
	w.t.Helper()
	all := map[string]int{}
	for _, db := range []*pgxpool.Pool{w.db, w.keys} {
		for _, name := range tables(w.t, db) {
			if strings.HasPrefix(name, "bus_") {
				continue
			}
			var n int
			must(w.t, db.QueryRow(w.t.Context(), "SELECT count(*) FROM "+name).Scan(&n))
			all[name] = n
		}
	}
	return all
}

func tables(t testing.TB, db *pgxpool.Pool) (names []string) {
	rows, err := db.Query(t.Context(), `SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	return names
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
