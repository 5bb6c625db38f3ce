package acceptance

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"gallra.se/libs/bearer"
	"gallra.se/libs/fault"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// town is a system in which some go and some stay. Every chat and every note bears a text of its own.
type town struct {
	t            *testing.T
	system       *launch.System
	layout       embedded.Layout
	api          *client.Client
	texts        int      // of those who go: chats, every fourth with a note
	going, stays []string // numbers

	mu   sync.Mutex
	made map[string]string // ids in the answers, by the line's id
}

const staying = 10

func newTown(t *testing.T, texts int, env ...string) *town {
	t.Helper()
	dir := dataDir(t)
	system, err := launch.Start(t.Context(), launch.Options{Dir: dir, Env: env, Args: []string{"--clock=simulated=2021-02-01"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(system.Stop)
	w := &town{t: t, system: system, layout: embedded.Layout{Dir: dir}, texts: texts, made: map[string]string{}}
	if w.api, err = system.Client(); err != nil {
		t.Fatal(err)
	}
	for n := range texts/20 + 1 {
		w.going = append(w.going, testNumber(n))
	}
	for n := range staying {
		w.stays = append(w.stays, testNumber(500+n))
	}
	return w
}

// post hands in lines at the time that the clock shows, several at a time.
func (w *town) post(path string, lines ...map[string]any) {
	w.t.Helper()
	at := life{w.t, w.api}.now().Format(time.RFC3339)
	some, ctx := errgroup.WithContext(w.t.Context())
	some.SetLimit(8)
	for _, line := range lines {
		line["at"], line["authority"] = at, authority
		some.Go(func() error {
			var said struct{ ID string }
			if err := w.api.Post(ctx, authority, path, line, &said); err != nil {
				return fmt.Errorf("%s: %w", line["id"], err)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.made[fmt.Sprint(line["id"])] = said.ID
			return nil
		})
	}
	if err := some.Wait(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) register(numbers []string) {
	var persons, cases []map[string]any
	for _, number := range numbers {
		persons = append(persons, map[string]any{"id": "register " + number[8:] + number[:8], "kind": "person.registered", "person": map[string]any{"nationalId": number, "name": "Kanarie Staden"}})
		cases = append(cases, map[string]any{"id": openOf(number), "kind": "case.opened", "case": caseOf(number), "type": "job-seeking", "persons": []string{number}})
	}
	w.post("/v1/persons", persons...)
	w.post("/v1/cases", cases...)
}

func openOf(number string) string { return "open " + number[8:] + number[:8] }

func caseOf(number string) string { return "AF-" + number[8:] + "-" + number[2:8] }

// chats are contacts from one number to another, every fourth with an officer's note for the case of whom it is with.
func (w *town) chats(word string, from, to int, numbers []string) {
	var lines []map[string]any
	at := life{w.t, w.api}.now().Format(time.RFC3339)
	for n := from; n < to; n++ {
		number := numbers[n%len(numbers)]
		line := map[string]any{"id": fmt.Sprintf("chat %s %d", word, n), "kind": "contact", "channel": "chat", "identified": true, "endedAt": at,
			"fields": map[string]any{"name": "Kanarie Staden", "nationalId": number, "text": fmt.Sprintf("%s-text-%04d", word, n)}}
		if n%4 == 0 {
			line["note"] = map[string]any{"case": caseOf(number), "text": fmt.Sprintf("%s-note-%04d", word, n), "relevant": true}
		}
		lines = append(lines, line)
	}
	w.post("/v1/contacts", lines...)
}

// leave ends the registration and the case of those who go.
func (w *town) leave() {
	var persons, cases []map[string]any
	on := life{w.t, w.api}.now().Format(time.DateOnly)
	for _, number := range w.going {
		persons = append(persons, map[string]any{"id": "leave " + number[8:] + number[:8], "kind": "person.deregistered", "nationalId": number, "effective": on, "reason": "employment"})
		cases = append(cases, map[string]any{"id": "close " + number[8:] + number[:8], "kind": "case.closed", "case": caseOf(number), "effective": on, "reason": "employment"})
	}
	w.post("/v1/persons", persons...)
	w.post("/v1/cases", cases...)
}

func (l life) now() time.Time {
	l.t.Helper()
	now, err := l.api.Clock(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return now.Now
}

// story is what an attacker sees of a town: copies from before, and what there is after.
type story struct {
	before, after *loot
	notes         int // of those who go
}

// passes lets the whole story happen: half of the texts, a base backup, the other half, a logical dump, streams, key databases
// and the log since the base backup; then all of it is disposed of, and there is new life.
func (w *town) passes() story {
	w.t.Helper()
	l, live := life{w.t, w.api}, serverOf(w.t, w.layout.Postgres())
	l.at("2021-02-01 09:00")
	w.register(append(w.going[:len(w.going):len(w.going)], w.stays...))
	w.chats("gone", 0, w.texts/2, w.going)
	before := newLoot() // a transport key and the root key above it live for a day or two only: each is copied while it is there
	before.takeRows(w.t, live)
	before.takeRoots(w.t, w.layout)
	l.at("2021-02-03 09:00")
	backup := baseBackup(w.t, live("postgres"), w.layout)
	w.chats("gone", w.texts/2, w.texts, w.going)
	w.chats("stay", 0, staying, w.stays)
	before.takeRows(w.t, live)
	before.takeRoots(w.t, w.layout)
	l.at("2021-02-05 09:00")
	w.leave()
	l.at("2021-02-05 10:00")
	dumped, streamed, roots := before.takeRows(w.t, live), before.takeStreams(w.t, w.layout), before.takeRoots(w.t, w.layout)
	if streamed == 0 && len(before.events) == 0 || roots < 3 {
		w.t.Fatalf("%d rows, %d events, %d root keys were copied", dumped, len(before.events), roots)
	}
	archived := before.takeRows(w.t, restored(w.t, backup, filepath.Join(w.layout.Postgres(), "data", "pg_wal")))
	if archived < dumped*9/10 {
		w.t.Errorf("the restored base backup has %d rows, the dump %d", archived, dumped)
	}
	l.at("2023-04-10 09:00")
	w.chats("late", 0, staying, w.stays)
	l.at("2023-04-12 09:00")
	rotated(w.t, w.system)
	after := newLoot()
	after.takeRows(w.t, live)
	after.takeStreams(w.t, w.layout)
	after.takeRoots(w.t, w.layout)
	return story{before, after, (w.texts + 3) / 4}
}

// copies is what an attacker has who could copy everything before, but no keystore, and has everything of today.
func (s story) copies() *loot {
	l := s.before.joined(s.after)
	l.roots = s.after.roots
	return l
}

var inTown = regexp.MustCompile(`(gone|stay|late)-(text|note)-\d{4}`)

// finds is what an attacker reads: texts, and whose look-up entries.
type finds struct {
	texts, sealed map[string]bool // by word
	persons       map[string]bool
	tried, keys   int
}

func (w *town) attack(l *loot) finds {
	a := attack(l)
	f := finds{texts: map[string]bool{}, sealed: map[string]bool{}, keys: len(a.units)}
	f.tried = a.boxes(func(plain []byte) {
		for _, word := range inTown.FindAllString(string(plain), -1) {
			f.texts[word] = true
		}
	})
	a.sealed(func(plain []byte) {
		for _, word := range inTown.FindAllString(string(plain), -1) {
			f.sealed[word] = true
		}
	})
	f.persons = a.attributed(append(w.going[:len(w.going):len(w.going)], w.stays...))
	return f
}

func with(prefix string, words map[string]bool) (n int) {
	for word := range words {
		if strings.HasPrefix(word, prefix) {
			n++
		}
	}
	return n
}

func among(numbers []string, found map[string]bool) (n int) {
	for _, number := range numbers {
		if found[number] {
			n++
		}
	}
	return n
}

func (w *town) readsNobodyWhoIsGone(who string, f finds) {
	w.t.Helper()
	if n := with("gone", f.texts) + with("gone", f.sealed); n > 0 {
		w.t.Errorf("%s reads %d texts of those who are gone", who, n)
	}
	if n := among(w.going, f.persons); n > 0 {
		w.t.Errorf("%s finds %d of those who are gone by their numbers", who, n)
	}
	if f.tried < w.texts {
		w.t.Errorf("%s tried %d boxes only", who, f.tried)
	}
}

func (w *town) readsEverybody(who string, s story, f finds) {
	w.t.Helper()
	if texts, notes := with("gone-text", f.texts), with("gone-note", f.texts); texts != w.texts || notes != s.notes {
		w.t.Errorf("%s reads %d of %d texts and %d of %d notes", who, texts, w.texts, notes, s.notes)
	}
	if n := with("gone-note", f.sealed); n != s.notes {
		w.t.Errorf("%s opens %d of %d notes that travelled", who, n, s.notes)
	}
	if n := among(w.going, f.persons); n != len(w.going) {
		w.t.Errorf("%s finds %d of %d persons by their numbers", who, n, len(w.going))
	}
}

// TestNoCopyMadeBeforeADisposalReadsWhatIsGone is the claim that peers fail: with a base backup and the log since, logical
// dumps, streams, outboxes and key databases copied before, and everything that there is today, nobody reads one of a thousand
// records that were disposed of, nor finds whose they were by trying every number; all who live are read. The same attacker
// with the root keys of before reads all of it, which shows what the attack is worth.
func TestNoCopyMadeBeforeADisposalReadsWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newTown(t, 800) // and 200 notes: a thousand records
	s := w.passes()
	f := w.attack(s.copies())
	w.readsNobodyWhoIsGone("who has all copies and the keys of today", f)
	if n := with("late", f.texts); n != staying+(staying+3)/4 {
		t.Errorf("of those who live %d texts are read", n)
	}
	if n := with("stay-note", f.texts); n != (staying+3)/4 {
		t.Errorf("of those who stay %d notes are read", n)
	}
	if n := among(w.stays, f.persons); n != staying {
		t.Errorf("%d of those who stay are found by their numbers", n)
	}
	whole := s.copies()
	whole.roots = s.before.joined(s.after).roots
	w.readsEverybody("who has the old root keys too", s, w.attack(whole))
	w.readsTheLiving()
}

// readsTheLiving asks the system for the cases of those who stay, and for those of the others.
func (w *town) readsTheLiving() {
	w.t.Helper()
	reader, err := w.system.Place().As(bearer.Claims{Authority: authority, Name: "reader", Roles: []string{"dpo"}, Undertaking: true, Trained: true}, time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	l := life{w.t, reader.For("supervision")}
	for status, numbers := range map[int][]string{http.StatusOK: w.stays, http.StatusGone: w.going} {
		for _, number := range numbers {
			if got := l.status("/v1/cases/" + w.made[openOf(number)]); got != status {
				w.t.Errorf("the case of one of whom %d is expected answers %d", status, got)
			}
		}
	}
}

// TestWithoutRotationTheAttackSucceeds lets the old root keys be, and nothing else, and shows that then everything is read from
// the copies: the test above can fail.
func TestWithoutRotationTheAttackSucceeds(t *testing.T) {
	t.Parallel()
	if !fault.Armed {
		t.Skip("rotation is switched off in a build with the tag faults: make test makes one")
	}
	faults := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(faults, "up"), 0o755), os.WriteFile(filepath.Join(faults, "up", "keyring.tidy"), []byte("off"), 0o600)); err != nil {
		t.Fatal(err)
	}
	w := newTown(t, 80, "GALLRA_FAULTS="+faults)
	s := w.passes()
	w.readsEverybody("who has all copies where keys are not rotated", s, w.attack(s.copies()))
	w.readsTheLiving()
}
