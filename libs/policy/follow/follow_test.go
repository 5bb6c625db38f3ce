package follow_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bus"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
)

const af = "arbetsformedlingen"

var at = time.Date(2025, 6, 20, 7, 0, 0, 0, time.UTC)

// world is one service's database.
type world struct {
	*testing.T
	db *pgxpool.Pool
}

func newWorld(t *testing.T) world {
	t.Helper()
	url := pgtest.New(t)
	if err := pg.Migrate(t.Context(), url, follow.Migrations, "migrations", "policy_version"); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), url, pg.MaxConns(8))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return world{t, db}
}

// instance is a follower as one process has it, with packs of its own.
func (w world) instance() (*follow.Follower, *bytes.Buffer) {
	said := &bytes.Buffer{}
	return &follow.Follower{Set: policy.Default().Clone(), DB: w.db, Log: slog.New(slog.NewTextHandler(said, nil))}, said
}

func (w world) handle(f *follow.Follower, ev bus.Event) error {
	return pg.Tx(w.Context(), w.db, func(tx pgx.Tx) error { return f.Handle(w.Context(), tx, ev) })
}

func (w world) store(a follow.Activation) error {
	return pg.Tx(w.Context(), w.db, func(tx pgx.Tx) error { return follow.Store(w.Context(), tx, a) })
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w world) rows() (n int) {
	w.must(w.db.QueryRow(w.Context(), `SELECT count(*) FROM policy_activation`).Scan(&n))
	return n
}

// next is the built-in pack with one more version, which keeps a chat for so many days.
func (w world) next(version, from string, days string) *policy.Pack {
	w.Helper()
	held, _ := policy.Default().Pack(af)
	files := held.Files()
	files["authority.yaml"] = strings.Replace(files["authority.yaml"], "notice:\n", "  - {version: "+version+", validFrom: "+from+"}\nnotice:\n", 1)
	rule := "      - {validFrom: 2018-05-25, period: 29 days, mode: exact}\n"
	files["rules.yaml"] = strings.Replace(files["rules.yaml"], rule, rule+"      - {validFrom: "+from+", period: "+days+" days, mode: exact}\n", 1)
	p, err := policy.Parse(af, files)
	w.must(err)
	return p
}

func activation(p *policy.Pack) follow.Activation {
	newest := p.Versions[len(p.Versions)-1]
	return follow.Activation{Authority: p.Authority, Version: p.Version, ValidFrom: newest.ValidFrom, Hash: p.Hash(), Files: p.Files(), ActivatedAt: at}
}

// event is policy.activated as retention-timer sends it.
func (w world) event(a follow.Activation) bus.Event {
	w.Helper()
	type file struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	said := struct {
		follow.Activation
		Plan  string `json:"plan"`
		Files []file `json:"files"`
	}{Activation: a, Plan: "0123"}
	for name, text := range a.Files {
		said.Files = append(said.Files, file{name, text})
	}
	data, err := json.Marshal(said)
	w.must(err)
	ce := cloudevents.NewEvent()
	ce.SetTime(at)
	w.must(ce.SetData(cloudevents.ApplicationJSON, json.RawMessage(data)))
	return bus.Event{CE: ce, Type: "policy.activated.v1", Authority: a.Authority, Key: a.Authority}
}

func chatDays(w world, f *follow.Follower) int {
	w.Helper()
	p, _ := f.Set.Pack(af)
	r, ok := p.RuleFor("contact.chat")
	if !ok {
		w.Fatal("no rule for a chat")
	}
	return r.Period.Days
}

func TestAnActivationIsTakenUpOnceAndByEveryInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, _ := w.instance()
	two, _ := w.instance()
	ev := w.event(activation(w.next("shorter", "2025-07-01", "14")))
	w.must(w.handle(one, ev))
	w.must(w.handle(one, ev)) // the second delivery
	w.must(w.handle(two, ev))
	if w.rows() != 1 {
		t.Errorf("%d activations stored", w.rows())
	}
	if chatDays(w, one) != 29 {
		t.Error("a pack counts before its activation is committed and read back")
	}
	for _, f := range []*follow.Follower{one, two} {
		w.must(f.Refresh(t.Context()))
		w.must(f.Refresh(t.Context()))
		if chatDays(w, f) != 14 {
			t.Errorf("a chat is kept for %d days", chatDays(w, f))
		}
	}
	built, _ := policy.Default().Pack(af)
	if r, _ := built.RuleFor("contact.chat"); r.Period.Days != 29 {
		t.Error("the built-in packs were changed")
	}
	list, err := follow.Activations(t.Context(), w.db, af)
	if err != nil || len(list) != 1 || list[0].Version != "shorter" || !list[0].ActivatedAt.Equal(at) || list[0].Files["rules.yaml"] == "" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestABrokenPackIsRefusedAndTheLastGoodOneStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, _ := w.instance()
	good := activation(w.next("shorter", "2025-07-01", "14"))
	w.must(w.handle(f, w.event(good)))
	w.must(f.Refresh(t.Context()))

	broken := activation(w.next("longer", "2025-09-01", "60"))
	broken.Files["rules.yaml"] = strings.Replace(broken.Files["rules.yaml"], "period: 60 days", "period: 60", 1)
	misnamed := activation(w.next("longer", "2025-09-01", "60"))
	misnamed.Version = "longest"
	retold := activation(w.next("shorter", "2025-07-01", "7")) // the same version with another text
	misdated := activation(w.next("longer", "2025-09-01", "60"))
	misdated.ValidFrom = misdated.ValidFrom.AddDays(1)
	for name, a := range map[string]follow.Activation{"broken": broken, "misnamed": misnamed, "retold": retold, "misdated": misdated} {
		if err := w.handle(f, w.event(a)); !bus.Refused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.handle(f, w.event(broken)); !strings.Contains(err.Error(), "arbetsformedlingen/rules.yaml:") || !strings.Contains(err.Error(), `parse period "60"`) {
		t.Error(err)
	}
	w.must(f.Refresh(t.Context()))
	if w.rows() != 1 || chatDays(w, f) != 14 {
		t.Errorf("%d activations, a chat is kept for %d days", w.rows(), chatDays(w, f))
	}
}

func TestWhatAnotherBinaryStoredAndThisOneCannotReadIsComplainedOfOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, said := w.instance()
	_, err := w.db.Exec(t.Context(), `INSERT INTO policy_activation (authority, n, version, valid_from, hash, files, activated_at)
		VALUES ($1, 1, 'of-tomorrow', '2030-01-01', 'x', '{"rules.yaml": "colour: red"}', $2)`, af, at)
	w.must(err)
	for range 3 {
		w.must(f.Refresh(t.Context()))
	}
	if chatDays(w, f) != 29 || strings.Count(said.String(), "cannot be read here") != 1 {
		t.Errorf("%d days, said %s", chatDays(w, f), said)
	}
}

func TestANewerBinarysOwnPackIsNotTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.store(activation(w.next("shorter", "2025-07-01", "14"))))
	f, _ := w.instance()
	newer := w.next("shorter", "2025-07-01", "14")
	files := newer.Files()
	files["authority.yaml"] = strings.Replace(files["authority.yaml"], "notice:\n", "  - {version: in-the-binary, validFrom: 2026-01-01}\nnotice:\n", 1)
	p, err := policy.Parse(af, files)
	w.must(err)
	f.Set.Replace(p)
	w.must(f.Refresh(t.Context()))
	if held, _ := f.Set.Pack(af); held.Version != "in-the-binary" {
		t.Errorf("version %s", held.Version)
	}
}

func TestAReportComesFromTheNewestPack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, _ := w.instance()
	w.must(w.store(activation(w.next("shorter", "2025-07-01", "14"))))
	state, err := f.Report(t.Context())
	if err != nil || state.Busy != 0 || chatDays(w, f) != 14 {
		t.Errorf("%+v %v, %d days", state, err, chatDays(w, f))
	}
}

func TestAVersionThatIsNotKnownIsLookedForAndThenWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, _ := w.instance()
	w.must(f.Ensure(t.Context(), af, "2021-01-01"))
	err := f.Ensure(t.Context(), af, "2021-01-01 shorter")
	if err == nil || bus.Refused(err) {
		t.Fatalf("a version that has not arrived: %v", err)
	}
	w.must(w.store(activation(w.next("shorter", "2025-07-01", "14"))))
	w.must(f.Ensure(t.Context(), af, "2021-01-01 shorter"))
	if chatDays(w, f) != 14 {
		t.Error("known, and not taken up")
	}
	if err := f.Ensure(t.Context(), "nobody", "1"); err == nil {
		t.Error("an authority without a pack has a version")
	}
}

func TestATransactionSeesWhatOthersHaveCommittedAndNotItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, _ := w.instance()
	err := pg.Tx(t.Context(), w.db, func(tx pgx.Tx) error {
		w.must(w.store(activation(w.next("shorter", "2025-07-01", "14")))) // elsewhere, meanwhile
		return f.Catch(t.Context(), tx)
	})
	if err != nil || chatDays(w, f) != 14 {
		t.Errorf("%v, %d days", err, chatDays(w, f))
	}
}

func TestInstancesThatStoreAtOnceStoreOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := activation(w.next("shorter", "2025-07-01", "14")), activation(w.next("other", "2025-08-01", "10"))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			one := a
			if i%2 == 1 {
				one = b
			}
			if err := w.store(one); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var highest int
	w.must(w.db.QueryRow(t.Context(), `SELECT max(n) FROM policy_activation`).Scan(&highest))
	if w.rows() != 2 || highest != 2 {
		t.Errorf("%d rows up to n = %d", w.rows(), highest)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, _ := w.instance()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- f.Run(ctx) }()
	cancel()
	if err := <-ended; err == nil {
		t.Error("it ends without a reason")
	}
}
