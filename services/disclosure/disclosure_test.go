package disclosure_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/events/contract"
)

var update = flag.Bool("update", false, "write the golden files again")

const allFields = `["name","nationalId","address","phoneNumber","email","education","registrationDates","fund"]`

func request(number string, fields string) string {
	return fmt.Sprintf(`{"recipient":"SE-KFM","authority":"arbetsformedlingen","nationalId":%q,"mode":"medium","fields":%s}`, number, fields)
}

func TestARecipientThatIsDownForThreeDaysGetsExactlyOneDelivery(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.kfm.set(true)
	if status, body := w.ask(request(anna, allFields)); status != 201 {
		t.Fatalf("%d %s", status, body)
	}
	w.advance(72 * time.Hour)
	calls, bodies := w.kfm.deliveries()
	if calls < 3 || len(bodies) != 0 || w.opened() == 0 {
		t.Fatalf("while down: %d calls, %d deliveries, breaker opened %d times", calls, len(bodies), w.opened())
	}
	w.kfm.set(false)
	w.advance(24 * time.Hour)
	_, bodies = w.kfm.deliveries()
	if len(bodies) != 1 {
		t.Fatalf("%d deliveries", len(bodies))
	}
	golden(t, "testdata/SE-KFM.json", bodies[0])
	if kinds, _ := w.entries(); !cmp.Equal(kinds, []string{"disclosure.granted", "disclosure.delivered"}) {
		t.Errorf("log: %v", kinds)
	}
	before, _ := w.kfm.deliveries()
	w.advance(30 * 24 * time.Hour)
	if after, _ := w.kfm.deliveries(); after != before {
		t.Errorf("%d more calls after the delivery", after-before)
	}
	w.nothingPersonalIsKept()
}

func TestEveryEventIsAsPromised(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.kfm.set(true)
	w.ask(request(anna, allFields))
	w.advance(time.Minute)
	w.kfm.set(false)
	w.ask(request(nobody, allFields))
	w.advance(time.Hour)
	var types []string
	for _, e := range w.published() {
		types = append(types, e.Type)
		if err := contract.Validate(e.Type, e.Data); err != nil {
			t.Errorf("%s: %v", e.Type, err)
		}
	}
	want := []string{events.TypeDisclosureRequested, events.TypeDisclosureDecided, events.TypeDisclosureFailed,
		events.TypeDisclosureRequested, events.TypeDisclosureDecided, events.TypeDisclosureDelivered}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Error(diff)
	}
}

func TestAPersonWhoIsGoneIsAnsweredLikeOneWhoNeverWas(t *testing.T) {
	t.Parallel()
	w := start(t)
	unknownStatus, unknown := w.ask(request(nobody, allFields))
	w.dispose()
	goneStatus, gone := w.ask(request(anna, allFields))
	if unknownStatus != 404 || goneStatus != 404 || unknown != gone {
		t.Errorf("%d %s\n%d %s", unknownStatus, unknown, goneStatus, gone)
	}
	w.advance(24 * time.Hour)
	if calls, _ := w.kfm.deliveries(); calls != 0 {
		t.Errorf("%d calls", calls)
	}
}

func TestDataThatEndedBeforeTheDeliveryAreNotDelivered(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.kfm.set(true)
	w.ask(request(anna, allFields))
	w.advance(time.Hour)
	w.dispose()
	w.kfm.set(false)
	w.advance(24 * time.Hour)
	_, bodies := w.kfm.deliveries()
	kinds, _ := w.entries()
	if len(bodies) != 0 || !cmp.Equal(kinds, []string{"disclosure.granted", "disclosure.noData"}) {
		t.Errorf("%d deliveries, log %v", len(bodies), kinds)
	}
}

func TestACrashBetweenDeliveryAndCommitHasOneEffect(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ask(request(anna, allFields))
	w.settle()
	w.exec(`UPDATE disclosure SET state = 'waiting', next_at = requested_at`) // what a crash before the commit leaves
	w.exec(`DELETE FROM disclosure_log WHERE kind = 'disclosure.delivered'`)
	w.advance(time.Hour)
	w.settle()
	calls, bodies := w.kfm.deliveries()
	kinds, _ := w.entries()
	if calls != 2 || len(bodies) != 1 || !cmp.Equal(kinds, []string{"disclosure.granted", "disclosure.delivered"}) {
		t.Errorf("%d calls, %d effects, log %v", calls, len(bodies), kinds)
	}
}

func TestTheSameRequestIdIsAnsweredAsTheFirstTimeAndDeliveredOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	id := uuid.NewString()
	body := strings.Replace(request(anna, `["name"]`), `{`, `{"id":"`+id+`",`, 1)
	_, first := w.ask(body)
	w.settle()
	status, second := w.ask(body)
	w.settle()
	if _, bodies := w.kfm.deliveries(); status != 201 || first != second || len(bodies) != 1 {
		t.Errorf("%d, %d deliveries\n%s%s", status, len(bodies), first, second)
	}
	if status, _ := w.ask(strings.Replace(body, `["name"]`, `["fund"]`, 1)); status != 409 {
		t.Errorf("another request under the same id: %d", status)
	}
}

func TestARefusalNamesItsReasonAndNeverItsContent(t *testing.T) {
	t.Parallel()
	w := start(t)
	for name, row := range map[string]struct {
		body   string
		status int
		reason string
	}{
		"an unlisted field":     {request(anna, `["address"]`), 403, `"reason":"denied","rule":"AFG-47"`},
		"an unlisted authority": {strings.Replace(request(anna, `["name"]`), "SE-KFM", "SE-UBM", 1), 403, `"reason":"denied","rule":"AFG-48"`},
		"broken JSON":           {`{"recipient":`, 400, `not-json`},
		"two documents":         {request(anna, `["name"]`) + "{}", 400, `not-json`},
		"an unknown member":     {`{"shoe":1}`, 422, `unknown-field`},
		"no fields":             {request(anna, `[]`), 422, `"reason":"missing-field","field":"fields"`},
		"no number":             {request("", `["name"]`), 422, `"reason":"missing-field","field":"nationalId"`},
		"a wrong check digit":   {request("199001012386", `["name"]`), 422, `"reason":"invalid-national-id"`},
		"no test number":        {request("188901010127", `["name"]`), 422, `"reason":"invalid-national-id"`},
		"another authority":     {strings.Replace(request(anna, `["name"]`), authority, "te-services", 1), 403, `"reason":"forbidden"`},
		"prose as purpose":      {strings.Replace(request(anna, `["name"]`), `"mode"`, `"purpose":"Anna owes money","mode"`, 1), 422, `"field":"purpose"`},
		"a number as law":       {strings.Replace(request(anna, `["name"]`), `"mode"`, `"lawRef":"199001012385","mode"`, 1), 422, `"field":"lawRef"`},
	} {
		status, body := w.ask(row.body)
		if status != row.status || !strings.Contains(body, row.reason) {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if strings.Contains(body, anna) || strings.Contains(body, "owes") || strings.Contains(body, "shoe") {
			t.Errorf("%s: the answer echoes: %s", name, body)
		}
	}
	w.nothingPersonalIsKept()
}

func (w *world) opened() uint64 {
	w.t.Helper()
	m, err := w.nc.Request("ask.disclosure.summary", nil, 5*time.Second)
	if err != nil {
		w.t.Fatal(err)
	}
	var s struct {
		Breakers map[string]struct{ Opened uint64 }
	}
	if err := json.Unmarshal(m.Data, &s); err != nil {
		w.t.Fatal(err)
	}
	return s.Breakers["SE-KFM"].Opened
}

func (w *world) exec(sql string) {
	w.t.Helper()
	if _, err := w.db.Exec(w.t.Context(), sql); err != nil {
		w.t.Fatal(err)
	}
}

type event struct {
	Type string
	Data json.RawMessage
}

func (w *world) published() (out []event) {
	w.t.Helper()
	rows, err := w.db.Query(w.t.Context(), `SELECT payload FROM outbox WHERE sent_at IS NOT NULL ORDER BY id`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var payload []byte
		var e event
		if err := rows.Scan(&payload); err != nil {
			w.t.Fatal(err)
		}
		if err := json.Unmarshal(payload, &e); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// nothingPersonalIsKept looks through every table and the log.
func (w *world) nothingPersonalIsKept() {
	w.t.Helper()
	for what, query := range map[string]string{
		"the register": `SELECT coalesce(string_agg(r::text, ' '), '') FROM disclosure AS r`,
		"its log":      `SELECT coalesce(string_agg(r::text, ' '), '') FROM disclosure_log AS r`,
		"the outbox":   `SELECT coalesce(string_agg(subject || convert_from(payload, 'UTF8'), ' '), '') FROM outbox`,
	} {
		var text string
		if err := w.db.QueryRow(w.t.Context(), query).Scan(&text); err != nil {
			w.t.Fatal(err)
		}
		w.clean(what, text)
	}
	w.clean("the service's log", w.log.String())
}

func (w *world) clean(where, text string) {
	w.t.Helper()
	for _, needle := range []string{anna, "Kanarie", "SE-AK-ALFA", "2021-09-01", "Provgatan"} {
		if strings.Contains(text, needle) {
			w.t.Errorf("%s holds %q", where, needle)
		}
	}
}

func golden(t *testing.T, file string, found []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, found, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(found) {
		t.Errorf("%s:\nwant %s\nfound %s", file, want, found)
	}
}
