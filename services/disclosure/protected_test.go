package disclosure_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

// as has the next calls made by somebody.
func (w *world) as(c bearer.Claims) {
	w.t.Helper()
	c.Authority = authority
	var err error
	if w.token, err = bearer.Sign(w.sign, c, clock.PaceNow(), time.Hour); err != nil {
		w.t.Fatal(err)
	}
}

var (
	kfm   = bearer.Claims{Name: "SE-KFM", Roles: []string{"recipient"}}
	olle  = bearer.Claims{Name: "olle", Roles: []string{"case-officer"}}
	petra = bearer.Claims{Name: "petra", Roles: []string{"protected-officer"}, Appointed: true}
)

// protect makes Anna a protected person, for case-linker.
func (w *world) protect(agreed ...string) uuid.UUID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hidden, w.agreed = map[uuid.UUID]bool{w.persons[anna]: true}, map[uuid.UUID][]string{w.persons[anna]: agreed}
	return w.persons[anna]
}

// tell publishes a word of case-linker's.
func (w *world) tell(eventType string, person uuid.UUID, data any) {
	w.t.Helper()
	url := pgtest.From(w.t, "outbox", func(ctx context.Context, url string) error {
		return pg.MigrateAll(ctx, url, pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"})
	})
	db, err := pg.Open(w.t.Context(), url)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	box := outbox.New(outbox.Config{Service: "case-linker", Context: "case", Stream: "EV_CASE", Business: clock.Real()})
	var subject string
	var payload []byte
	err = pg.Tx(w.t.Context(), db, func(tx pgx.Tx) error {
		draft := outbox.Draft{Authority: authority, Type: eventType, Subject: person.String(), Key: person.String(), Data: data}
		if err := box.Append(w.t.Context(), tx, draft); err != nil {
			return err
		}
		return tx.QueryRow(w.t.Context(), `SELECT subject, payload FROM outbox`).Scan(&subject, &payload)
	})
	if err == nil {
		_, err = w.nc.Request(subject, payload, 5*time.Second)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

var ownParts = regexp.MustCompile(`"(disclosure|at)":"[^"]*"`)

// AFG-09, AFG-10
func TestWhatIsAskedAboutAProtectedPersonIsHeldAndReadsLikeWhatIsAskedAboutNobody(t *testing.T) {
	t.Parallel()
	w := start(t)
	person := w.protect()
	log := func() string {
		_, body := w.call(http.MethodGet, "/v1/disclosures", "")
		return ownParts.ReplaceAllString(body, "")
	}
	for _, who := range []bearer.Claims{kfm, olle} {
		w.as(who)
		before := log()
		unknownStatus, unknownBody := w.ask(request(nobody, `["name"]`))
		between := log()
		status, body := w.ask(request(anna, `["name"]`))
		if status != unknownStatus || body != unknownBody || status != http.StatusNotFound {
			t.Errorf("%s hears %d %s, and about nobody %d %s", who.Name, status, body, unknownStatus, unknownBody)
		}
		after := log()
		first, second := strings.TrimPrefix(between, strings.TrimSuffix(before, "]}\n")), strings.TrimPrefix(after, strings.TrimSuffix(between, "]}\n"))
		if strings.TrimPrefix(first, ",") != strings.TrimPrefix(second, ",") || second == "" || strings.Contains(after, person.String()) {
			t.Errorf("%s reads of nobody %q and of her %q", who.Name, first, second)
		}
		if _, of := w.call(http.MethodGet, "/v1/disclosures?person="+person.String(), ""); of != `{"log":[]}`+"\n" {
			t.Errorf("%s reads of her id %s", who.Name, of)
		}
	}
	w.as(petra)
	if status, body := w.ask(request(anna, `["name"]`)); status != http.StatusAccepted || !strings.Contains(body, `"held"`) || !strings.Contains(body, "AFG-09") {
		t.Errorf("petra hears %d %s", status, body)
	}
	kinds, _ := w.entries()
	if held := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k != "disclosure.held" }); len(held) != 3 {
		t.Errorf("petra reads %v", kinds)
	}
	w.settle()
	if calls, _ := w.kfm.deliveries(); calls != 0 {
		t.Errorf("%d deliveries", calls)
	}
	var open, told int
	err := w.db.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE convert_from(payload, 'UTF8') NOT LIKE '%disclosure.held%' AND convert_from(payload, 'UTF8') LIKE '%' || $1 || '%'),
		count(*) FILTER (WHERE convert_from(payload, 'UTF8') LIKE '%disclosure.held%') FROM outbox`, person.String()).Scan(&open, &told)
	if err != nil || open != 0 || told != 3 {
		t.Errorf("%d events name her, %d tell the appointed (%v)", open, told, err)
	}
}

// AFG-09
func TestWithAPlanOnlyItsFieldsGoOut(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.protect("registrationDates")
	w.as(kfm)
	status, body := w.ask(request(anna, `["name","registrationDates"]`))
	if status != http.StatusCreated || !strings.Contains(body, `"fields":["registrationDates"]`) {
		t.Fatalf("%d %s", status, body)
	}
	w.advance(time.Hour)
	if _, bodies := w.kfm.deliveries(); len(bodies) != 1 || strings.Contains(string(bodies[0]), "Kanarie") || !strings.Contains(string(bodies[0]), "registrationDates") {
		t.Errorf("delivered %q", bodies)
	}
	if kinds, _ := w.entries(); len(kinds) != 0 {
		t.Errorf("the recipient reads %v", kinds)
	}
	w.as(petra)
	if kinds, _ := w.entries(); !slices.Equal(kinds, []string{"disclosure.granted", "disclosure.delivered"}) {
		t.Errorf("petra reads %v", kinds)
	}
}

// AFG-09, AFG-10
func TestALateMarkHidesOldLinesAndStopsWhatHasNotGoneOut(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.kfm.set(true)
	w.as(olle)
	if status, body := w.ask(request(anna, `["name"]`)); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	w.settle()
	person := w.protect()
	w.tell(events.TypeProtectionMarked, person, events.ProtectionMarked{Person: person})
	if kinds, _ := w.entries(); len(kinds) != 0 {
		t.Errorf("olle reads %v", kinds)
	}
	w.kfm.set(false)
	w.advance(24 * time.Hour)
	if _, bodies := w.kfm.deliveries(); len(bodies) != 0 {
		t.Errorf("delivered %q", bodies)
	}
	w.tell(events.TypeProtectionMarked, person, events.ProtectionMarked{Person: person}) // once more
	w.tell(events.TypeProtectionLifted, person, events.ProtectionLifted{Person: person})
	if kinds, _ := w.entries(); !slices.Equal(kinds, []string{"disclosure.granted", "disclosure.noData"}) {
		t.Errorf("after the lift olle reads %v", kinds)
	}
}
