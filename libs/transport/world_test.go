package transport

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/seal"
)

const (
	noted    = "se.gallra.contact.noted.v1"
	sender   = "writer"
	reader   = "reader"
	stranger = "stranger"
)

// world is a service that seals events and one that reads them, on real parts.
type world struct {
	t        testing.TB
	ctx      context.Context
	nc       *nats.Conn
	writes   *pgxpool.Pool
	reads    *pgxpool.Pool
	keys     *pgxpool.Pool
	keystore keyring.Keystore
	ring     *keyring.Ring
	clock    *hand
	box      *outbox.Box
	receiver *Receiver

	mu      sync.Mutex
	opened  []string
	refuse  bool   // what comes is refused for good
	stuck   string // where an instance gets no further
	release chan struct{}
}

// hand is a clock that a test sets.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}
func (h *hand) Version() int64         { return 0 }
func (h *hand) Simulated() bool        { return true }
func (h *hand) Moved() <-chan struct{} { return nil }
func (h *hand) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func newWorld(t testing.TB) *world {
	if test, ok := t.(*testing.T); ok {
		test.Parallel()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, nc: bustest.Server(t, "contact"), clock: &hand{now: time.Date(2024, 1, 31, 13, 0, 0, 0, time.UTC)}}
	w.writes = w.database("writes", pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"})
	w.reads = w.database("reads", pg.Migration{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"})
	w.keys = w.database("keys", keyring.Migration())
	var err error
	w.keystore, err = keyring.FileStore(t.TempDir())
	w.must(err)
	w.ring, err = keyring.Open(ctx, w.keys, w.keystore)
	w.must(err)
	w.box = outbox.New(outbox.Config{Service: sender, Context: "contact", Stream: "EV_CONTACT", Business: w.clock})
	w.receiver = w.newReceiver()
	w.must(w.receiver.Answer(ctx))
	return w
}

func (w *world) newReceiver() *Receiver {
	return &Receiver{Service: reader, Senders: []string{sender}, Keys: w.ring, DB: w.reads, NC: w.nc, Business: w.clock,
		AAD: func(bus.Event) ([]byte, bool) { return []byte("aad"), true }, Log: quiet()}
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) database(name string, set pg.Migration) *pgxpool.Pool {
	w.t.Helper()
	url := pgtest.From(w.t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, set) })
	pool, err := pg.Open(w.ctx, url)
	w.must(err)
	w.t.Cleanup(pool.Close)
	return pool
}

// senderAnswers has the sender answer receivers.
func (w *world) senderAnswers() {
	w.t.Helper()
	s := &Sender{Service: sender, Receivers: []string{reader, stranger}, DB: w.writes, NC: w.nc, Closed: func(string) {}}
	w.must(s.Answer(w.ctx))
}

// key is the one that is given out, as the sender gets it.
func (w *world) key() PublicKey {
	w.t.Helper()
	var k PublicKey
	w.must(request(w.ctx, w.nc, "ask."+reader+".transportkey", struct{}{}, &k))
	w.must(outbox.BeginSealing(w.ctx, w.writes, reader, k.KeyID))
	return k
}

func (w *world) draft(k PublicKey, about, text string) outbox.Draft {
	w.t.Helper()
	box, err := seal.Seal(k.Public, []byte("aad"), []byte(text))
	w.must(err)
	return outbox.Draft{Authority: "a", Type: noted, Subject: about, Key: about, KeyID: k.KeyID, Data: bus.Box{Sealed: box, KeyID: k.KeyID}}
}

func (w *world) say(k PublicKey, about string, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		d := w.draft(k, about, text)
		w.must(pg.Tx(w.ctx, w.writes, func(tx pgx.Tx) error { return w.box.Append(w.ctx, tx, d) }))
	}
	w.box.Committed()
}

// running runs something until the test or stop ends it.
func (w *world) running(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(w.ctx)
	var done sync.WaitGroup
	done.Go(func() { _ = run(ctx) })
	stop = sync.OnceFunc(func() { cancel(); done.Wait() })
	w.t.Cleanup(stop)
	return stop
}

func (w *world) relay() (stop func()) {
	return w.running(outbox.NewRelay(w.box, w.writes, w.nc, quiet()).Run)
}

func (w *world) consumer() *bus.Consumer {
	return bus.NewConsumer(bus.ConsumerConfig{Service: reader, DB: w.reads, NC: w.nc, Streams: []string{"EV_CONTACT"}, Log: quiet(),
		Prepare:  map[string]func(context.Context, bus.Event) (any, error){noted: w.open},
		Handlers: map[string]bus.Handler{noted: w.take}})
}

func (w *world) open(ctx context.Context, ev bus.Event) (any, error) {
	var box bus.Box
	if err := ev.Into(&box); err != nil {
		return nil, err
	}
	plain, err := w.ring.OpenSealed(ctx, box.KeyID, []byte("aad"), box.Sealed)
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrBox) {
		return nil, bus.Refuse(err)
	}
	if release := w.isStuckAt(string(plain)); release != nil {
		select {
		case <-release:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return string(plain), err
}

// stuckAt has whoever opens a text go no further until release.
func (w *world) stuckAt(text string, release chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stuck, w.release = text, release
}

func (w *world) isStuckAt(text string) chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text != w.stuck {
		return nil
	}
	return w.release
}

func (w *world) take(_ context.Context, _ pgx.Tx, ev bus.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse {
		return bus.Refuse(errors.New("not now"))
	}
	w.opened = append(w.opened, ev.Prepared.(string))
	return nil
}

func (w *world) refuses(yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refuse = yes
}

func (w *world) hasOpened(want ...string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.opened) != len(want) {
		w.t.Fatalf("opened %q, want %q", w.opened, want)
	}
	for i := range want {
		if w.opened[i] != want[i] {
			w.t.Fatalf("opened %q, want %q", w.opened, want)
		}
	}
}

// until waits for a fact, which comes by itself.
func (w *world) until(what string, fact func() bool) {
	w.t.Helper()
	for !fact() {
		if clock.Sleep(w.ctx, 2*time.Millisecond) != nil {
			w.t.Fatalf("%s: not within a minute", what)
		}
	}
}

// left are the retired keys that are not destroyed.
func (w *world) left() []keyring.RetiredKey {
	w.t.Helper()
	keys, err := w.ring.RetiredTransportKeys(w.ctx)
	w.must(err)
	return keys
}

// captured is everything that a thief of the stream and the outbox has.
func (w *world) captured() (boxes []bus.Box) {
	w.t.Helper()
	js, err := jetstream.New(w.nc)
	w.must(err)
	stream, err := js.Stream(w.ctx, "EV_CONTACT")
	w.must(err)
	var payloads [][]byte
	for n := uint64(1); n <= stream.CachedInfo().State.LastSeq; n++ {
		m, err := stream.GetMsg(w.ctx, n)
		w.must(err)
		payloads = append(payloads, m.Data)
	}
	rows, err := w.writes.Query(w.ctx, `SELECT payload FROM outbox`)
	w.must(err)
	stored, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	w.must(err)
	for _, p := range append(payloads, stored...) {
		var e struct{ Data bus.Box }
		w.must(json.Unmarshal(p, &e))
		if len(e.Data.Sealed) > 0 {
			boxes = append(boxes, e.Data)
		}
	}
	return boxes
}

// opens counts the boxes that open with everything that the reader has now.
func (w *world) opens(boxes []bus.Box) (n int) {
	w.t.Helper()
	anew, err := keyring.Open(w.ctx, w.keys, w.keystore)
	w.must(err)
	for _, b := range boxes {
		if _, err := anew.OpenSealed(w.ctx, b.KeyID, []byte("aad"), b.Sealed); err == nil {
			n++
		}
	}
	return n
}

func newID() string { return uuid.NewString() }
