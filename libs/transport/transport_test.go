package transport

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/bus"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
)

func TestAKeyIsGivenOutForADayAndGoesWhenAllIsApplied(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	w.relay()
	w.running(w.consumer().Run)
	w.running(w.receiver.Run)
	first := w.key()
	w.say(first, "one", "a", "b")
	w.clock.pass(keyring.TransportAge - time.Second)
	if again := w.key(); again.KeyID != first.KeyID {
		t.Fatal("another key before the day is over")
	}
	w.until("all is applied", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return len(w.opened) == 2 })
	boxes := w.captured()
	if n := w.opens(boxes); n != len(boxes) || n != 4 { // the stream's two and the outbox' two
		t.Fatalf("%d of %d boxes open before", n, len(boxes))
	}
	w.clock.pass(time.Second)
	if next := w.key(); next.KeyID == first.KeyID {
		t.Fatal("still the first key after a day")
	}
	w.receiver.Wake()
	w.until("the key goes", func() bool { return len(w.left()) == 0 })
	if n := w.opens(boxes); n != 0 {
		t.Fatalf("%d of %d captured boxes open after", n, len(boxes))
	}
}

// The consumer is down for three days, and a second instance of the receiver goes on giving keys out and retiring them.
func TestNothingIsLostWhileTheConsumerIsDownForThreeDays(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	w.relay()
	w.running(w.receiver.Run)
	var want []string
	for _, text := range []string{"first day", "second day", "third day"} {
		w.say(w.key(), "one", text)
		want = append(want, text)
		w.clock.pass(keyring.TransportAge)
	}
	w.key() // retires the third
	_, err := w.keys.Exec(w.ctx, `UPDATE key_transport SET retired_at = retired_at - interval '49 hours' WHERE made = 1`)
	w.must(err)
	w.must(w.receiver.round(w.ctx))
	if keys := w.left(); len(keys) != 3 {
		t.Fatalf("%d retired keys wait, want 3", len(keys))
	}
	if n := w.overdue(); n != 1 {
		t.Fatalf("%v keys are told to be overdue, want 1", n)
	}
	w.running(w.consumer().Run)
	w.receiver.hurry(w.left())
	w.until("the keys go", func() bool { return len(w.left()) == 0 })
	w.hasOpened(want...)
	if n := w.overdue(); n != 0 {
		t.Fatalf("%v keys are still told to be overdue", n)
	}
}

// overdue reads the gauge of a receiver that nobody has scraped yet.
func (w *world) overdue() float64 {
	w.t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(w.newReceiver().Metrics())
	families, err := registry.Gather()
	w.must(err)
	for _, f := range families {
		if f.GetName() == "gallra_transport_keys_overdue" {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	w.t.Fatal("the gauge is missing")
	return 0
}

// Two instances share the partitions, and one of them does not get on.
func TestAKeyWaitsForTheInstanceThatIsBehind(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	w.relay()
	release := make(chan struct{})
	w.stuckAt("at last", release)
	w.running(w.consumer().Run)
	w.running(w.consumer().Run)
	k := w.key()
	w.say(k, "slow", "at last")
	for n := range bus.Partitions {
		w.say(k, fmt.Sprint(n), "at once")
	}
	w.until("the other instance has applied something", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return len(w.opened) > 0 })
	_, err := w.receiver.Retire(w.ctx)
	w.must(err)
	w.must(w.receiver.round(w.ctx))
	if len(w.left()) != 1 {
		t.Fatal("the key is gone before its event is applied")
	}
	close(release)
	w.running(w.receiver.Run)
	w.receiver.Wake()
	w.until("the key goes", func() bool { return len(w.left()) == 0 })
	if !slices.Contains(w.opened, "at last") || len(w.opened) != bus.Partitions+1 {
		t.Fatalf("opened %q", w.opened)
	}
}

func TestWhatIsParkedIsSealedAnewAndAppliedLater(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	w.relay()
	consumer := w.consumer()
	w.running(consumer.Run)
	w.refuses(true)
	first := w.key()
	w.say(first, "one", "a", "b")
	parked := func() (n int) {
		w.must(w.reads.QueryRow(w.ctx, `SELECT count(*) FROM bus_parked`).Scan(&n))
		return n
	}
	w.until("both are parked", func() bool { return parked() == 2 })
	boxes := w.captured()
	w.running(w.receiver.Run)
	w.must(w.receiver.Rotate(w.ctx))
	if n := w.opens(boxes); n != 0 {
		t.Fatalf("%d captured boxes open", n)
	}
	if n, err := consumer.Replay(w.ctx, "one"); err != nil || n != 0 {
		t.Fatalf("%d events that are still refused were replayed: %v", n, err)
	}
	w.refuses(false)
	w.say(w.key(), "one", "c") // queues behind them
	w.until("c is parked", func() bool { return parked() == 3 })
	if n, err := consumer.Replay(w.ctx, "one"); err != nil || n != 3 {
		t.Fatalf("%d events were replayed: %v", n, err)
	}
	w.say(w.key(), "one", "d")
	w.until("d is applied", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return len(w.opened) == 4 })
	w.hasOpened("a", "b", "c", "d")
	if n := parked(); n != 0 {
		t.Fatalf("%d are still parked", n)
	}
	if n, err := consumer.Replay(w.ctx, "one"); err != nil || n != 0 {
		t.Fatalf("%d more were replayed: %v", n, err)
	}
}

func TestASenderThatIsAwayPutsTheEndOff(t *testing.T) {
	w := newWorld(t)
	w.relay()
	w.running(w.consumer().Run)
	w.running(w.receiver.Run)
	w.say(w.key(), "one", "a")
	forgetting, err := w.receiver.Forget(w.ctx)
	w.must(err)
	if err := forgetting.Await(w.ctx, 100*time.Millisecond); !errors.Is(err, ErrStillSealed) {
		t.Fatalf("a key went without the sender's word: %v", err)
	}
	w.senderAnswers()
	w.until("the key goes", func() bool { return len(w.left()) == 0 })
	w.hasOpened("a")
}

// A transaction may have sealed to a key, and append only when the key is closed; or have appended, and not committed yet.
func TestNoTransactionOutlivesTheClosingOfItsKey(t *testing.T) {
	w := newWorld(t)
	k := w.key()
	late, err := w.writes.Begin(w.ctx)
	w.must(err)
	open, err := w.writes.Begin(w.ctx)
	w.must(err)
	w.must(w.box.Append(w.ctx, open, w.draft(k, "open", "a")))
	closed := make(chan error, 1)
	go func() { closed <- outbox.Close(w.ctx, w.writes, reader, k.KeyID) }()
	w.until("the key is closed", func() (yes bool) {
		w.must(w.writes.QueryRow(w.ctx, `SELECT closed_at IS NOT NULL FROM outbox_transport_key`).Scan(&yes))
		return yes
	})
	if err := w.box.Append(w.ctx, late, w.draft(k, "late", "b")); !errors.Is(err, outbox.ErrKeyClosed) {
		t.Errorf("appended under a closed key: %v", err)
	}
	w.must(late.Rollback(w.ctx))
	select {
	case err := <-closed:
		t.Errorf("closed while a transaction may still commit: %v", err)
	default:
	}
	w.must(open.Commit(w.ctx))
	w.must(<-closed)
	sealed, _, more, err := outbox.Sealed(w.ctx, w.writes, reader, k.KeyID, 0, 10)
	if err != nil || len(sealed) != 1 || more {
		t.Fatalf("%d events were sealed, more: %v, %v", len(sealed), more, err)
	}
	if err := outbox.BeginSealing(w.ctx, w.writes, reader, k.KeyID); !errors.Is(err, outbox.ErrKeyClosed) {
		t.Fatalf("the closed key is taken up again: %v", err)
	}
}

// The receiver dies after each step, and another instance goes on.
func TestAnotherInstanceGoesOnAfterEachStep(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	w.relay()
	w.running(w.consumer().Run)
	w.say(w.key(), "one", "a")
	_, err := w.receiver.Retire(w.ctx) // and dies
	w.must(err)
	second := w.newReceiver()
	w.until("the key is settled", func() bool {
		over, err := second.settle(w.ctx, w.left()[0])
		w.must(err)
		return over
	}) // and dies
	if keys := w.left(); len(keys) != 1 || !keys[0].Settled {
		t.Fatalf("%+v", keys)
	}
	third := w.newReceiver()
	settled, err := third.Sweeping(w.ctx)
	if err != nil || len(settled) != 1 {
		t.Fatalf("%v settled: %v", settled, err)
	}
	w.must(third.round(w.ctx))
	w.must(third.round(w.ctx))
	if keys := w.left(); len(keys) != 0 {
		t.Fatalf("%+v", keys)
	}
	w.hasOpened("a")
}

func TestWhatIsErasedIsUnrecoverableWhenTheOtherServicesKeyIsGoneToo(t *testing.T) {
	w := newWorld(t)
	w.relay()
	w.running(w.consumer().Run)
	w.running(w.receiver.Run)
	w.say(w.key(), "one", "a")
	// The writer erases: it has no key of its own that anybody has sealed to, and has sealed to the reader's.
	writerRing := func() *keyring.Ring {
		store, err := keyring.FileStore(t.TempDir())
		w.must(err)
		ring, err := keyring.Open(w.ctx, w.database("writer_keys", keyring.Migration()), store)
		w.must(err)
		return ring
	}()
	writer := &Receiver{Service: sender, Receivers: []string{reader}, Keys: writerRing, DB: w.writes, NC: w.nc, Business: w.clock, Log: quiet()}
	forgetting, err := writer.Forget(w.ctx)
	w.must(err)
	if err := forgetting.Await(w.ctx, 50*time.Millisecond); !errors.Is(err, ErrStillSealed) {
		t.Fatalf("over before the reader has heard what was sealed: %v", err)
	}
	w.senderAnswers()
	boxes := w.captured()
	w.must(forgetting.Await(w.ctx, 30*time.Second))
	if n := w.opens(boxes); n != 0 || len(boxes) == 0 {
		t.Fatalf("%d of %d boxes open", n, len(boxes))
	}
	writer.Receivers = append(writer.Receivers, "nobody")
	if _, err := writer.Forget(w.ctx); err == nil {
		t.Fatal("a service that is away has retired its key")
	}
}

func TestQuestionsAboutKeysThatAreNotWellFormedOrNotTheAskersAreRefused(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	k := w.key()
	w.say(k, "one", "a")
	for name, c := range map[string]struct{ subject, question, reason string }{
		"no JSON":             {subjectSealed(sender, reader), `{`, "not-json"},
		"nothing":             {subjectSealed(sender, reader), ``, "not-json"},
		"no key":              {subjectSealed(sender, reader), `{}`, "invalid-field"},
		"another member":      {subjectSealed(sender, reader), `{"keyId":"` + k.KeyID + `","sql":1}`, "unknown-field"},
		"no id":               {subjectSealed(sender, reader), `{"keyId":"' OR 1=1"}`, "invalid-field"},
		"an id in capitals":   {subjectSealed(sender, reader), `{"keyId":"` + strings.ToUpper(k.KeyID) + `"}`, "invalid-field"},
		"before the start":    {subjectSealed(sender, reader), `{"keyId":"` + k.KeyID + `","place":-1}`, "invalid-field"},
		"long":                {subjectSealed(sender, reader), `{"keyId":"` + strings.Repeat("a", questionMost) + `"}`, "too-large"},
		"somebody else's key": {subjectSealed(sender, stranger), `{"keyId":"` + k.KeyID + `"}`, "forbidden"},
		"retire: no JSON":     {subjectRetire(reader, sender), `{`, "not-json"},
		"retire: no ids":      {subjectRetire(reader, sender), `{"keys":["x"]}`, "invalid-field"},
		"retire: a member":    {subjectRetire(reader, sender), `{"all":true}`, "unknown-field"},
		"retire: long":        {subjectRetire(reader, sender), `{"keys":["` + strings.Repeat("a", retireMost) + `"]}`, "too-large"},
	} {
		m, err := w.nc.RequestWithContext(w.ctx, c.subject, []byte(c.question))
		w.must(err)
		if got := m.Header.Get(bus.HeaderProblem); got != c.reason {
			t.Errorf("%s: %q, want %q: %s", name, got, c.reason, m.Data)
		}
	}
	if again := w.key(); again.KeyID != k.KeyID {
		t.Error("a refused question has retired the key")
	}
	w.say(k, "one", "b") // nor is it closed
}

// A question may come twice, late, or about a key that was never used.
func TestAQuestionThatIsAskedAgainGetsTheSameAnswer(t *testing.T) {
	w := newWorld(t)
	w.senderAnswers()
	k := w.key()
	w.say(k, "one", "a", "b", "c")
	_, err := w.receiver.Retire(w.ctx)
	w.must(err)
	first, err := w.receiver.ask(w.ctx, sender, SealedQuestion{KeyID: k.KeyID})
	w.must(err)
	second, err := w.receiver.ask(w.ctx, sender, SealedQuestion{KeyID: k.KeyID})
	w.must(err)
	if diff := cmp.Diff(first, second); diff != "" || len(first.Events) != 3 {
		t.Fatalf("%d events: %s", len(first.Events), diff)
	}
	rest, err := w.receiver.ask(w.ctx, sender, SealedQuestion{KeyID: k.KeyID, Place: first.Next})
	w.must(err)
	if len(rest.Events) != 0 || rest.More {
		t.Fatalf("%+v after the end", rest)
	}
	unused, err := w.receiver.ask(w.ctx, sender, SealedQuestion{KeyID: newID()})
	w.must(err)
	if len(unused.Events) != 0 || unused.More {
		t.Fatalf("%+v were sealed to a key that nobody has seen", unused)
	}
	var all int
	for place := int64(0); ; {
		events, next, more, err := outbox.Sealed(w.ctx, w.writes, reader, k.KeyID, place, 2)
		w.must(err)
		if all, place = all+len(events), next; !more {
			break
		}
	}
	if all != 3 {
		t.Fatalf("%d events in pages of two", all)
	}
}

func TestAppendTakesNoKeyThatWasNotNotedFirst(t *testing.T) {
	w := newWorld(t)
	k := w.key()
	k.KeyID = newID()
	d := w.draft(k, "one", "a")
	err := pg.Tx(w.ctx, w.writes, func(tx pgx.Tx) error { return w.box.Append(w.ctx, tx, d) })
	if !errors.Is(err, outbox.ErrKeyClosed) {
		t.Fatal(err)
	}
}

func FuzzQuestions(f *testing.F) {
	f.Add([]byte(`{"keyId":"0190c3a1-7a7b-7c3e-9d6f-2b1a5c4d3e2f","place":3}`))
	f.Add([]byte(`{"keys":["0190c3a1-7a7b-7c3e-9d6f-2b1a5c4d3e2f"]}`))
	f.Add([]byte(`{"keys":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if q, err := parseQuestion(raw); err == nil && (len(q.KeyID) != 36 || q.Place < 0) {
			t.Fatalf("%+v", q)
		}
		if q, err := parseRetire(raw); err == nil && len(q.Keys) > mostKeys {
			t.Fatal(len(q.Keys))
		}
	})
}
