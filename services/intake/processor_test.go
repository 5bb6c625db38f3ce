package intake_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
)

const processorPath = "/v1/processors"

func activation(name, country string, secrecy, dedicated bool, more string) string {
	return fmt.Sprintf(`{"processor":%q,"country":%q,"secrecy":%t,"dedicated":%t%s}`, name, country, secrecy, dedicated, more)
}

// AFC-23, AFC-29, AFG-37, AFG-38, AFG-44, KSC-22, KSC-26
func TestAProcessorIsTakenIntoUseOnTheTermsOfTheNoticeOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ authority, body, service string }{
		{tek, activation("Nauha Oy", "FI", true, true, ""), ""},
		{tek, activation("Opptak AS", "NO", true, false, ""), ""},
		{af, activation("Refapp", "SE", true, false, ""), "recruitment"},
		{af, activation("Telia", "SE", true, false, ""), "chat"},
		{af, activation("Mätbolaget AB", "SE", false, true, `,"service":"analytics"`), "analytics"},
	} {
		r := w.dealt("records-manager", c.authority, "POST", processorPath, c.body)
		if r.Status != http.StatusCreated || r.Body["noticeVersion"] == "" || r.Body["noticeUrl"] == "" {
			t.Errorf("%s: %d %v", c.body, r.Status, r.Body)
			continue
		}
		if service, _ := r.Body["service"].(string); service != c.service {
			t.Errorf("%s: %v", c.body, r.Body)
		}
		var told events.ProcessorActivated
		if w.next(events.TypeProcessorActivated, &told); told.Processor != r.Body["processor"] || told.Country != r.Body["country"] {
			t.Errorf("%+v", told)
		}
		if again := w.dealt("records-manager", c.authority, "POST", processorPath, c.body); again.Header.Get("Gallra-Duplicate") != "true" || !cmp.Equal(again.Body, r.Body) {
			t.Errorf("%s again: %d %v", c.body, again.Status, again.Body)
		}
	}
	listed := w.dealt("dpo", tek, "GET", processorPath, "")
	if all, _ := listed.Body["processors"].([]any); len(all) != 2 {
		t.Errorf("%d %v", listed.Status, listed.Body)
	}
	if r := w.dealt("recruiter", tek, "GET", processorPath, ""); r.Status != http.StatusForbidden {
		t.Errorf("%d %v", r.Status, r.Body)
	}
	post := func(authority, body string, status int, refusal string) refusable {
		return refusable{"records-manager", authority, processorPath, body, status, refusal}
	}
	w.refused(map[string]refusable{
		"no secrecy":                       post(tek, activation("Kuiskaus Oy", "FI", false, true, ""), 403, "denied (KSC-26)"),
		"in the United States":             post(tek, activation("Tape Inc", "US", true, true, ""), 403, "denied (KSC-22)"),
		"in the United Kingdom":            post(tek, activation("Tape Ltd", "GB", true, true, ""), 403, "denied (KSC-22)"),
		"in Switzerland":                   post(tek, activation("Tape AG", "CH", true, true, ""), 403, "denied (KSC-22)"),
		"a fifth for recruitment":          post(af, activation("Fifth AB", "SE", true, true, `,"service":"recruitment"`), 403, "denied (AFG-44)"),
		"a fifth of no service":            post(af, activation("Fifth AB", "SE", true, true, ""), 403, "denied (AFG-44)"),
		"one of the four, without secrecy": post(af, activation("Varbi", "SE", false, true, ""), 403, "denied (AFG-44)"),
		"one of the four, elsewhere":       post(af, activation("Varbi", "US", true, true, ""), 403, "denied (AFG-44)"),
		"one of the four, for another use": post(af, activation("Varbi", "SE", true, true, `,"service":"analytics"`), 403, "denied (AFG-44)"),
		"one of the four, in a look-alike": post(af, activation("V\u0430rbi", "SE", true, true, `,"service":"recruitment"`), 403, "denied (AFG-44)"),
		"another supplier of the chat":     post(af, activation("Other Chat AB", "SE", true, true, `,"service":"chat"`), 403, "denied (AFC-23)"),
		"analytics outside Sweden":         post(af, activation("Measure GmbH", "DE", true, true, `,"service":"analytics"`), 403, "denied (AFG-38)"),
		"analytics that others share":      post(af, activation("Delad AB", "SE", true, false, `,"service":"analytics"`), 403, "denied (AFG-38)"),
		"other terms than before":          post(tek, activation("Nauha Oy", "FI", true, false, ""), 409, "conflict"),
		"no name":                          post(tek, activation("", "FI", true, true, ""), 422, "missing-field (processor)"),
		"no country":                       post(tek, activation("Nauha Oy", "", true, true, ""), 422, "missing-field (country)"),
		"a country in small letters":       post(tek, activation("Nauha Oy", "fi", true, true, ""), 422, "invalid-field (country)"),
		"no word of secrecy":               post(tek, `{"processor":"Nauha Oy","country":"FI","dedicated":true}`, 422, "missing-field (secrecy)"),
		"a name of two lines":              post(tek, `{"processor":"Nauha\nOy","country":"FI","dedicated":true,"secrecy":true}`, 422, "invalid-text (processor)"),
		"a name too long":                  post(tek, activation(strings.Repeat("x", 101), "FI", true, true, ""), 413, "too-large (processor)"),
		"a key that there is not":          post(tek, activation("Nauha Oy", "FI", true, true, `,"onward":true`), 422, "unknown-field (onward)"),
		"an officer":                       {"case-officer", tek, processorPath, activation("Nauha Oy", "FI", true, true, ""), 403, "forbidden"},
		"a processor":                      {"processor", tek, processorPath, activation("Nauha Oy", "FI", true, true, ""), 403, "forbidden"},
	})
}

// nowhere wants none of the texts in any table.
func (w *world) nowhere(needles ...string) {
	w.t.Helper()
	for _, db := range []*pgxpool.Pool{w.db, w.keys} {
		conn, err := db.Acquire(w.t.Context())
		must(w.t, err)
		for _, name := range tables(w.t, db) {
			var all bytes.Buffer
			_, err := conn.Conn().PgConn().CopyTo(w.t.Context(), &all, "COPY (SELECT * FROM "+name+") TO STDOUT (FORMAT binary)")
			must(w.t, err)
			for _, needle := range needles {
				if bytes.Contains(all.Bytes(), []byte(needle)) {
					w.t.Errorf("table %s holds %q", name, needle)
				}
			}
		}
		conn.Release()
	}
}
