package caselinker_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/seal"
	"gallra.se/libs/serve"
	caselinker "gallra.se/services/case-linker"
)

const af = "arbetsformedlingen"

// world is case-linker on real PostgreSQL and NATS, with the test in the place of intake, retention-timer and statistics.
type world struct {
	t     *testing.T
	ctx   context.Context
	nc    *nats.Conn
	clock *hand
	db    *pgxpool.Pool
	keyDB *pgxpool.Pool
	keys  *keyring.Ring
	store keyring.Keystore
	url   string
	token string
	sign  ed25519.PrivateKey
	bear  *bearer.Verifier
	whose string                 // the authority that the test acts for
	boxes map[string]*outbox.Box // the streams that the test speaks on
	said  *pgxpool.Pool          // the test's own outbox

	peerKey []byte // opens what is sealed to intake and statistics
}

func newWorld(t *testing.T, now string) *world {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, nc: bustest.Server(t, "contact", "case", "retention"), clock: newHand(t, now), boxes: map[string]*outbox.Box{}}
	w.db = w.pool("case-linker", caselinker.Migrations()...)
	keyDB := w.pool("keys", keyring.Migration())
	var err error
	w.store, err = keyring.FileStore(t.TempDir())
	w.must(err)
	w.keys, err = keyring.Open(ctx, keyDB, w.store)
	w.must(err)
	w.keyDB = keyDB
	w.peerKeys()
	w.speak("contact", "retention")
	w.run()
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) pool(name string, sets ...pg.Migration) *pgxpool.Pool {
	w.t.Helper()
	url := pgtest.From(w.t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, sets...) })
	pool, err := pg.Open(w.ctx, url, pg.Worlds)
	w.must(err)
	w.t.Cleanup(pool.Close)
	return pool
}

// peerKeys answers for intake and statistics; as a sender, intake says that it has sealed nothing.
func (w *world) peerKeys() {
	public, private, err := seal.Generate()
	w.must(err)
	w.peerKey = private
	for _, service := range []string{"intake", "statistics-pseudonymiser"} {
		w.must(bus.Answer(w.ctx, w.nc, "ask."+service+".transportkey", "", func(context.Context, []byte) ([]byte, error) {
			return json.Marshal(map[string]any{"public": public, "keyId": "test-" + service})
		}))
		w.must(bus.Answer(w.ctx, w.nc, "ask."+service+".retire.case-linker", "", func(context.Context, []byte) ([]byte, error) {
			return []byte(`{"keys":[]}`), nil // nothing is left of what was sealed to them
		}))
	}
	w.must(bus.Answer(w.ctx, w.nc, "ask.intake.sealed.case-linker", "", func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"events":[],"next":0,"more":false}`), nil
	}))
}

func (w *world) speak(contexts ...string) {
	w.said = w.pool("outbox", pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"})
	for _, c := range contexts {
		w.boxes[c] = outbox.New(outbox.Config{Service: "test-" + c, Context: c, Stream: bus.StreamOf(c), Business: w.clock})
	}
}

// tell publishes an event on a stream.
func (w *world) tell(context string, d outbox.Draft) {
	w.t.Helper()
	w.must(pg.Tx(w.ctx, w.said, func(tx pgx.Tx) error { return w.boxes[context].Append(w.ctx, tx, d) }))
	var subject string
	var payload []byte
	w.must(w.said.QueryRow(w.ctx, `SELECT subject, payload FROM outbox ORDER BY id DESC LIMIT 1`).Scan(&subject, &payload))
	_, err := w.nc.Request(subject, payload, 5*time.Second)
	w.must(err)
}

// run starts the first instance.
func (w *world) run() {
	public, private, err := ed25519.GenerateKey(nil)
	w.must(err)
	w.sign = private
	w.actFor(af)
	w.bear = bearer.NewVerifier(public)
	w.url, _ = w.start("1", w.db, w.keys, w.nc)
}

// actFor has the next calls made for an authority.
func (w *world) actFor(authority string) {
	w.t.Helper()
	var err error
	w.whose = authority
	w.token, err = bearer.Sign(w.sign, bearer.Claims{Authority: authority, Name: "olle", Roles: []string{"case-officer", "dpo", "recruiter", "admin"}, Undertaking: true, Trained: true}, clock.PaceNow(), time.Hour)
	w.must(err)
}

// start runs an instance until its end, of which nobody is told when nc is closed before.
func (w *world) start(name string, db *pgxpool.Pool, keys *keyring.Ring, nc *nats.Conn) (url string, end func()) {
	w.t.Helper()
	listener, err := serve.Listen(w.ctx, "127.0.0.1:0")
	w.must(err)
	s, err := caselinker.New(caselinker.Deps{Instance: name, Listener: listener, DB: db, Keys: keys, NC: nc, Clock: w.clock,
		Policy: policy.Default(), Bearer: w.bear, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Simulated: true})
	w.must(err)
	ctx, cancel := context.WithCancel(w.ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Run(ctx) }()
	end = func() { cancel(); <-ended }
	w.t.Cleanup(end)
	return "http://" + listener.Addr().String(), end
}

type answer struct {
	Status    int
	Duplicate bool
	ID        uuid.UUID `json:"id"`
	Note      uuid.UUID `json:"note"`
	Reason    string    `json:"reason"`
	Field     string    `json:"field"`
	body      string
}

func (w *world) call(method, path, contentType string, body []byte) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.ctx, method, w.url+path, bytes.NewReader(body))
	w.must(err)
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("Gallra-Purpose", "supervision")
	r.Header.Set("Content-Type", contentType)
	return w.got(r)
}

func (w *world) got(r *http.Request) answer {
	w.t.Helper()
	res, err := http.DefaultClient.Do(r)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	w.must(err)
	a := answer{Status: res.StatusCode, Duplicate: res.Header.Get("Gallra-Duplicate") == "true", body: string(data)}
	_ = json.Unmarshal(data, &a)
	a.Status = res.StatusCode
	return a
}

// line posts a line at the present time, or at an at of its own.
func (w *world) line(path, id, kind string, keys map[string]any) answer {
	w.t.Helper()
	l := map[string]any{"id": id, "kind": kind, "at": w.clock.Now().Format(time.RFC3339), "authority": w.whose}
	for k, v := range keys {
		l[k] = v
	}
	data, err := json.Marshal(l)
	w.must(err)
	return w.call(http.MethodPost, path, "application/json", data)
}

func (w *world) ok(a answer) answer {
	w.t.Helper()
	if a.Status/100 != 2 {
		w.t.Fatalf("answered %d %s", a.Status, a.body)
	}
	return a
}

func (w *world) register(id, number string) answer {
	w.t.Helper()
	return w.line("/v1/persons", id, "person.registered", map[string]any{"person": map[string]string{
		"nationalId": number, "name": "Berit Kanarietva", "address": "Provgatan 2, 172 00 Provstad"}})
}

func (w *world) status(path string) int {
	w.t.Helper()
	return w.call(http.MethodGet, path, "", nil).Status
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.db.QueryRow(w.ctx, sql, args...).Scan(&n))
	return n
}

func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	for !holds() {
		if clock.Sleep(w.ctx, 5*time.Millisecond) != nil {
			w.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// sent counts outbox rows of a type.
func (w *world) sent(eventType string) int {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM outbox WHERE convert_from(payload, 'UTF8') LIKE $1`, fmt.Sprintf("%%%q%%", eventType))
}

// note sends a note as intake does, sealed to case-linker.
func (w *world) note(number, text, at string) uuid.UUID {
	w.t.Helper()
	notedAt, err := time.Parse(time.RFC3339, at)
	w.must(err)
	return w.noted(events.SealedNote{Case: number, Text: text}, notedAt)
}

// noteFrom sends a note of a contact with somebody.
func (w *world) noteFrom(number, nationalID, text string) uuid.UUID {
	w.t.Helper()
	return w.noted(events.SealedNote{Case: number, Text: text, NationalID: nationalID}, w.clock.Now())
}

func (w *world) noted(note events.SealedNote, notedAt time.Time) uuid.UUID {
	w.t.Helper()
	public, keyID, err := w.keys.TransportKey(w.ctx, w.clock.Now())
	w.must(err)
	id, contact := uuid.New(), uuid.New()
	plain, err := json.Marshal(note)
	w.must(err)
	sealed, err := seal.Seal(public, events.NotedAAD(af, id), plain)
	w.must(err)
	w.tell("contact", outbox.Draft{Authority: af, Type: events.TypeContactNoted, Subject: contact.String(), Key: contact.String(),
		Data: events.ContactNoted{Contact: contact, Note: id, NotedAt: notedAt, Sealed: sealed, KeyID: keyID}})
	return id
}

// due says as retention-timer does that units are due.
func (w *world) due(rule, dueOn string, units ...uuid.UUID) {
	w.t.Helper()
	w.dueBy("2021-01-01", rule, dueOn, units...)
}

// dueBy is due by the versions of a policy.
func (w *world) dueBy(versions, rule, dueOn string, units ...uuid.UUID) {
	w.t.Helper()
	said := events.DisposalDue{Holder: "case-linker"}
	for _, u := range units {
		said.Units = append(said.Units, events.DueUnit{Unit: u, Rule: rule, Trigger: events.TriggerDeregistered, DueOn: dueOn, DueAt: w.clock.Now(), PolicyVersion: versions})
	}
	w.tell("retention", outbox.Draft{Authority: w.whose, Type: events.TypeDisposalDue, Subject: units[0].String(), Key: units[0].String(), Data: said})
}

// clocked says as retention-timer does when units are due, and waits until it is kept beside them.
func (w *world) clocked(dueOn, dueAt string, units ...uuid.UUID) {
	w.t.Helper()
	at, err := time.Parse(time.RFC3339, dueAt)
	w.must(err)
	said := events.ClockStarted{Holder: "case-linker"}
	for _, u := range units {
		said.Units = append(said.Units, events.ClockUnit{Unit: u, Rule: "AFC-13", Trigger: events.TriggerDeregistered, DueOn: dueOn, DueAt: at})
	}
	w.tell("retention", outbox.Draft{Authority: af, Type: events.TypeClockStarted, Subject: units[0].String(), Key: units[0].String(), Data: said})
	w.until("the date is kept", func() bool {
		return w.count(`SELECT (SELECT count(*) FROM person WHERE due_at = $1) + (SELECT count(*) FROM share WHERE due_at = $1)`, at) == len(units)
	})
}
