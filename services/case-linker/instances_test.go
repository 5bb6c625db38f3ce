package caselinker_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/seal"
)

// instance is one more case-linker on the world's databases and keystore, with connections and a keyring of its own.
type instance struct {
	url  string
	keys *keyring.Ring
	kill func()
}

func (w *world) join(name string) instance {
	w.t.Helper()
	db, err := pg.Open(w.ctx, w.db.Config().ConnString(), pg.MaxConns(8))
	w.must(err)
	keyDB, err := pg.Open(w.ctx, w.keyDB.Config().ConnString())
	w.must(err)
	keys, err := keyring.Open(w.ctx, keyDB, w.store)
	w.must(err)
	nc := bustest.Connect(w.t, w.nc.ConnectedUrl())
	url, end := w.start(name, db, keys, nc)
	kill := sync.OnceFunc(func() { nc.Close(); end(); db.Close(); keyDB.Close() })
	w.t.Cleanup(kill)
	return instance{url, keys, kill}
}

// reports asks all instances how far they are.
func (w *world) reports() (all []clock.Report) {
	w.t.Helper()
	inbox := w.nc.NewRespInbox()
	sub, err := w.nc.SubscribeSync(inbox)
	w.must(err)
	defer func() { _ = sub.Unsubscribe() }()
	w.must(w.nc.PublishRequest(clock.SubjectReport, inbox, nil))
	for {
		m, err := sub.NextMsg(100 * time.Millisecond)
		if err != nil {
			return all
		}
		var r clock.Report
		w.must(json.Unmarshal(m.Data, &r))
		all = append(all, r)
	}
}

func (w *world) shared(n int) {
	w.t.Helper()
	w.until(fmt.Sprint(n, " instances share the partitions"), func() bool {
		all := w.reports()
		return len(all) == n && all[0].Share.Of == n && len(clock.Divided(all)) == 0
	})
}

// at has the next calls go to an instance.
func (w *world) at(url string, do func()) {
	before := w.url
	w.url = url
	defer func() { w.url = before }()
	do()
}

// number is a test number of a person born on a day of January or February 1990.
func number(n int) string {
	digits := fmt.Sprintf("9001%02d238", n+1)
	if n >= 28 {
		digits = fmt.Sprintf("9002%02d238", n-27)
	}
	sum := 0
	for i, c := range digits {
		d := int(c-'0') * (2 - i%2)
		sum += d/10 + d%10
	}
	return "19" + digits + fmt.Sprint((10-sum%10)%10)
}

// couples registers persons by turns with both instances, two to a case.
func (w *world) couples(urls []string, cases int) (persons []uuid.UUID) {
	w.t.Helper()
	for n := range 2 * cases {
		w.at(urls[n%2], func() { persons = append(persons, w.ok(w.register(fmt.Sprint("reg-", n), number(n))).ID) })
	}
	for n := range cases {
		w.at(urls[n%2], func() {
			w.ok(w.line("/v1/cases", fmt.Sprint("open-", n), "case.opened", map[string]any{
				"case": fmt.Sprint("AF-", n), "type": "job-seeking", "persons": []string{number(2 * n), number(2*n + 1)}}))
		})
	}
	return persons
}

// sealedNote is a contact.noted event whose note any instance of case-linker may open.
func (w *world) sealedNote(keys *keyring.Ring, caseNumber string) (uuid.UUID, outbox.Draft) {
	w.t.Helper()
	public, keyID, err := keys.TransportKey(w.ctx, w.clock.Now())
	w.must(err)
	note, contact := uuid.New(), uuid.New()
	plain, err := json.Marshal(events.SealedNote{Case: caseNumber, Text: "kanarie-note"})
	w.must(err)
	sealed, err := seal.Seal(public, events.NotedAAD(af, note), plain)
	w.must(err)
	return note, outbox.Draft{Authority: af, Type: events.TypeContactNoted, Subject: contact.String(), Key: contact.String(),
		Data: events.ContactNoted{Contact: contact, Note: note, NotedAt: w.clock.Now(), Sealed: sealed, KeyID: keyID}}
}

// disposed counts how often each unit was said to be disposed of.
func (w *world) disposed() map[uuid.UUID]int {
	w.t.Helper()
	rows, err := w.db.Query(w.ctx, `SELECT payload FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%record.disposed%'`)
	w.must(err)
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	w.must(err)
	said := map[uuid.UUID]int{}
	for _, p := range payloads {
		var e struct{ Data events.RecordDisposed }
		w.must(json.Unmarshal(p, &e))
		for _, u := range e.Data.Units {
			said[u.Unit]++
		}
	}
	return said
}

func TestTwoInstancesShareTheWorkAndOneIsKilledInTheMidst(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	first := instance{url: w.url, keys: w.keys}
	second := w.join("2")
	w.shared(2)
	const cases, notes = 20, 160
	persons := w.couples([]string{first.url, second.url}, cases)

	rng := rand.New(rand.NewPCG(1, 2))
	var ids []uuid.UUID
	for n := range notes {
		keys := []*keyring.Ring{first.keys, second.keys}[n%2]
		id, draft := w.sealedNote(keys, fmt.Sprint("AF-", rng.IntN(cases)))
		ids = append(ids, id)
		w.tell("contact", draft)
		if n == notes/2 {
			second.kill()
			second = w.join("3")
		}
	}
	w.until("every note is in its case", func() bool { return w.count(`SELECT count(*) FROM note`) == notes })
	if told, counted := w.sent(events.TypeCaseNoted), w.count(`SELECT sum(n)::int FROM counter WHERE name = 'stored/case.note'`); told != notes || counted != notes {
		t.Errorf("%d notes are told of and %d are counted, expected %d", told, counted, notes)
	}
	for n, id := range ids {
		w.at([]string{first.url, second.url}[n%2], func() {
			if got := w.status("/v1/notes/" + id.String()); got != http.StatusOK {
				t.Errorf("note %d answers %d", n, got)
			}
		})
	}

	for n := range cases {
		for i, person := range []string{number(2 * n), number(2*n + 1)} {
			w.ok(w.line("/v1/persons", fmt.Sprint("dereg-", n, "-", i), "person.deregistered", map[string]any{"nationalId": person, "effective": "2023-05-02", "reason": "x"}))
		}
		w.ok(w.line("/v1/cases", fmt.Sprint("close-", n), "case.closed", map[string]any{"case": fmt.Sprint("AF-", n), "effective": "2023-05-02", "reason": "x"}))
	}
	units := slices.Clone(persons)
	rows, err := w.db.Query(w.ctx, `SELECT share FROM share ORDER BY share`)
	w.must(err)
	shares, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	w.must(err)
	units = append(units, shares...)
	w.shared(2)
	w.clock.set(t, "2025-07-03T00:00:00+02:00")
	for n, unit := range units {
		w.due("AFC-13", "2025-07-03", unit)
		if n == len(units)/2 {
			second.kill()
		}
	}
	w.until("everything is disposed of", func() bool { return len(w.disposed()) == len(units) && w.count(`SELECT count(*) FROM intent`) == 0 })
	for unit, n := range w.disposed() {
		if n != 1 {
			t.Errorf("unit %s is told of %d times", unit, n)
		}
	}
	if n := w.count(`SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM share) + (SELECT count(*) FROM note) + (SELECT count(*) FROM case_file)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	w.shared(1)
	t.Logf("%d deadlocks", w.count(`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`))
}

func TestWhatOneInstanceDestroyedTheOtherReadsNoMore(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	other := w.join("2")
	w.shared(2)
	person, caseID := w.open("AF-1")
	w.at(other.url, func() {
		if got := w.status("/v1/persons/" + person.String()); got != http.StatusOK {
			t.Fatalf("the other instance answers %d", got)
		}
	})
	w.end("2023-05-02")
	share := w.share()
	w.clock.set(t, "2025-07-03T00:00:00+02:00")
	w.due("AFC-13", "2025-07-03", person, share)
	w.until("both are disposed of", func() bool { return len(w.disposed()) == 2 })
	for _, url := range []string{w.url, other.url} {
		w.at(url, func() {
			for _, path := range []string{"/v1/persons/" + person.String(), "/v1/cases/" + caseID.String()} {
				if got := w.status(path); got != http.StatusGone {
					t.Errorf("%s answers %d", path, got)
				}
			}
		})
	}
	for _, keys := range []*keyring.Ring{w.keys, other.keys} {
		for _, unit := range []uuid.UUID{person, share} {
			if _, err := keys.Unit(w.ctx, keyring.UnitRef{Authority: af, ID: unit}); !errors.Is(err, keyring.ErrDestroyed) {
				t.Errorf("the key answers %v", err)
			}
		}
	}
}

func TestTheSameLineToBothInstancesAtOnceIsCarriedOutOnce(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	other := w.join("2")
	for n := range 10 {
		line, err := json.Marshal(map[string]any{"id": fmt.Sprint("reg-", n), "kind": "person.registered", "at": w.clock.Now().Format(time.RFC3339), "authority": af,
			"person": map[string]string{"nationalId": number(n), "name": "Berit Kanarietva"}})
		w.must(err)
		answers := make([]answer, 6)
		var all sync.WaitGroup
		for i := range answers {
			here := *w
			here.url = []string{w.url, other.url}[i%2]
			all.Go(func() { answers[i] = here.call(http.MethodPost, "/v1/persons", "application/json", line) })
		}
		all.Wait()
		fresh := 0
		for _, a := range answers {
			w.ok(a)
			if !a.Duplicate {
				fresh++
			}
			if a.ID != answers[0].ID {
				t.Errorf("one is told of %s, another of %s", a.ID, answers[0].ID)
			}
		}
		if fresh != 1 {
			t.Errorf("%d of %d were told that theirs was the first", fresh, len(answers))
		}
	}
	if n := w.count(`SELECT count(*) FROM person`); n != 10 {
		t.Errorf("%d persons", n)
	}
}
